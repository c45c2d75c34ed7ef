import { hash } from "node:crypto";
import { compareText } from "../record.ts";

/** The members of a cluster that needs an id, by number, in the order of their identities. */
type Members = readonly number[];

/**
 * Gives each cluster an id. An id stays with the cluster that has most of the records it stood for; a cluster that inherits
 * several keeps the one of most of its records. What has none is named after its first record.
 *
 * @param identityOf what a member is called
 * @param before which id each record had
 * @param isTaken ids that other clusters have, which are not looked at now
 * @returns the clusters' ids, in their order
 */
export const nameClusters = (
  clusters: readonly Members[],
  identityOf: (member: number) => string,
  before: (identity: string) => string | undefined,
  isTaken: (id: string) => boolean,
): readonly string[] => {
  const inherited = inherit(clusters, identityOf, before);
  const kept = new Set(inherited.values());
  const ids = clusters.map((_, at) => inherited.get(at) ?? "");
  const firstOf = (at: number): string => identityOf(clusters[at]?.[0] ?? -1);
  // Where no id is kept, none can be in the way of another, and the order does not matter.
  const places = clusters.keys();
  const ordered = kept.size === 0 ? places : [...places].sort((a, b) => compareText(firstOf(a), firstOf(b)));
  for (const at of ordered) {
    // The first record's own id may have stayed with others that it was among.
    for (let turn = 0; ids[at] === ""; turn += 1) {
      const id = idAfter(firstOf(at), turn);
      if (kept.has(id) || isTaken(id)) continue;
      ids[at] = id;
      kept.add(id);
    }
  }
  return ids;
};

const idAfter = (identity: string, turn: number): string =>
  `emp_${hash("sha256", turn === 0 ? identity : `${identity} ${turn}`, "hex").slice(0, 24)}`;

/** The ids that clusters keep, by their place. */
const inherit = (
  clusters: readonly Members[],
  identityOf: (member: number) => string,
  before: (identity: string) => string | undefined,
): ReadonlyMap<number, string> => {
  const claims = new Map<string, { cluster: number; count: number; first: number }>();
  const isBefore = (one: number, other: number): boolean =>
    identityOf(clusters[one]?.[0] ?? -1) < identityOf(clusters[other]?.[0] ?? -1);
  for (const [cluster, members] of clusters.entries()) {
    /** By id: how many have it, and which is the first who has. */
    let counts: Map<string, { count: number; readonly first: number }> | undefined;
    for (const [at, member] of members.entries()) {
      const identity = identityOf(member);
      const id = before(identity);
      if (id === undefined) continue;
      counts ??= new Map();
      const known = counts.get(id);
      if (known) known.count += 1;
      else counts.set(id, { count: 1, first: at });
    }
    if (counts === undefined) continue;
    for (const [id, { count, first }] of counts) {
      const best = claims.get(id);
      const isBetter =
        best === undefined || count > best.count || (count === best.count && isBefore(cluster, best.cluster));
      if (isBetter) claims.set(id, { cluster, count, first });
    }
  }
  const won = new Map<number, { id: string; count: number; first: number }>();
  for (const [id, { cluster, count, first }] of claims) {
    const best = won.get(cluster);
    // Of two that stand for as many records, the one of the earlier record: what was split and is merged again has its id again.
    if (best === undefined || count > best.count || (count === best.count && first < best.first)) {
      won.set(cluster, { id, count, first });
    }
  }
  return new Map([...won].map(([cluster, { id }]) => [cluster, id]));
};
