import { hash } from "node:crypto";
import { compareText } from "../record.ts";

/** A cluster that needs an id: its members' identities, the smallest first. */
export interface Named {
  readonly identities: readonly string[];
}

/**
 * Gives each cluster an id. An id stays with the cluster that has most of the records it stood for; a cluster that inherits
 * several keeps the one of most of its records. What has none is named after its first record.
 *
 * @param before which id each record had
 * @param isTaken ids that other clusters have, which are not looked at now
 */
export const nameClusters = <Cluster extends Named>(
  clusters: readonly Cluster[],
  before: (identity: string) => string | undefined,
  isTaken: (id: string) => boolean,
): ReadonlyMap<Cluster, string> => {
  const named = new Map<Cluster, string>();
  const kept = new Set<string>();
  for (const [cluster, id] of inherit(clusters, before)) {
    named.set(cluster, id);
    kept.add(id);
  }
  for (const cluster of clusters.toSorted((a, b) => compareText(a.identities[0] ?? "", b.identities[0] ?? ""))) {
    if (named.has(cluster)) continue;
    // The first record's own id may have stayed with others that it was among.
    for (let turn = 0; !named.has(cluster); turn += 1) {
      const id = idAfter(cluster.identities[0] ?? "", turn);
      if (kept.has(id) || isTaken(id)) continue;
      named.set(cluster, id);
      kept.add(id);
    }
  }
  return named;
};

const idAfter = (identity: string, turn: number): string =>
  `emp_${hash("sha256", turn === 0 ? identity : `${identity} ${turn}`, "hex").slice(0, 24)}`;

const inherit = <Cluster extends Named>(
  clusters: readonly Cluster[],
  before: (identity: string) => string | undefined,
): ReadonlyMap<Cluster, string> => {
  const claims = new Map<string, { cluster: Cluster; count: number }>();
  for (const cluster of clusters) {
    const counts = new Map<string, number>();
    for (const identity of cluster.identities) {
      const id = before(identity);
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    for (const [id, count] of counts) {
      const best = claims.get(id);
      const isBetter =
        best === undefined ||
        count > best.count ||
        (count === best.count && (cluster.identities[0] ?? "") < (best.cluster.identities[0] ?? ""));
      if (isBetter) claims.set(id, { cluster, count });
    }
  }
  const won = new Map<Cluster, { id: string; count: number }>();
  for (const [id, { cluster, count }] of claims) {
    const best = won.get(cluster);
    if (best === undefined || count > best.count || (count === best.count && id < best.id)) {
      won.set(cluster, { id, count });
    }
  }
  return new Map([...won].map(([cluster, { id }]) => [cluster, id]));
};
