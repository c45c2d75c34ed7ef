/** What has changed from one roster to the next: ids and counts, no personal data. */
import type { RosterEventDetail } from "../connection/events.ts";
import { identityOf, type Source } from "../employee/record.ts";
import type { ChangeCounts } from "./roster.ts";

/** An employee's id with the individuals that it stands for. */
export interface Cluster {
  readonly employee_id: string;
  readonly sources: readonly Source[];
}

/** The changes of each kind, each list in the order of the rosters. */
export interface Changes {
  readonly joined: readonly string[];
  readonly left: readonly string[];
  readonly moved: readonly string[];
  readonly merged: RosterEventDetail["merged"];
  readonly split: RosterEventDetail["split"];
}

/**
 * Compares two rosters by their individuals. Who was not read this time (`isUnread`) has not left.
 *
 * - joined: none of its individuals was there before;
 * - left: none of its individuals is there now;
 * - moved: the same employee, at least one of whose connections is new, and at least one gone;
 * - merged: it has individuals of several employees of before;
 * - split: its individuals are several employees' now.
 */
export const findChanges = (
  before: readonly Cluster[],
  after: readonly Cluster[],
  isUnread: (source: Source) => boolean,
): Changes => {
  const [formerOf, presentOf] = [employeesByIndividual(before), employeesByIndividual(after)];
  const connectionsBefore = new Map(before.map(({ employee_id, sources }) => [employee_id, connectionsOf(sources)]));
  const joined: string[] = [];
  const moved: string[] = [];
  const merged: { employee_id: string; from: readonly string[] }[] = [];
  for (const { employee_id, sources } of after) {
    const from = distinct(sources, formerOf);
    if (from.length === 0) joined.push(employee_id);
    if (from.length > 1) merged.push({ employee_id, from });
    const [former, present] = [connectionsBefore.get(employee_id), connectionsOf(sources)];
    if (former === undefined || from.length !== 1) continue;
    const isElsewhere = [...present].some((id) => !former.has(id)) && [...former].some((id) => !present.has(id));
    if (isElsewhere) moved.push(employee_id);
  }
  const left: string[] = [];
  const split: { employee_id: string; into: readonly string[] }[] = [];
  for (const { employee_id, sources } of before) {
    const into = distinct(sources, presentOf);
    if (into.length > 1) split.push({ employee_id, into });
    if (into.length === 0 && !sources.some(isUnread)) left.push(employee_id);
  }
  return { joined, left, moved, merged, split };
};

/**
 * What is remembered of a roster for the next: its employees, and individuals of before that were not read this time, so
 * that they keep their ids and are not taken for new when they are.
 */
export const rememberClusters = (
  before: readonly Cluster[],
  after: readonly Cluster[],
  isUnread: (source: Source) => boolean,
): readonly Cluster[] => {
  const present = employeesByIndividual(after);
  const unread = before.flatMap(({ employee_id, sources }) => {
    const kept = sources.filter((source) => isUnread(source) && !present.has(identityOf(source)));
    return kept.length === 0 ? [] : [{ employee_id, sources: kept }];
  });
  const own = new Map(unread.map((cluster) => [cluster.employee_id, cluster.sources]));
  const named = new Set(after.map(({ employee_id }) => employee_id));
  return [
    ...after.map((cluster) => ({ ...cluster, sources: [...cluster.sources, ...(own.get(cluster.employee_id) ?? [])] })),
    ...unread.filter(({ employee_id }) => !named.has(employee_id)),
  ];
};

/** How many there are of each kind. */
export const countChanges = (changes: Changes): ChangeCounts => ({
  joined: changes.joined.length,
  left: changes.left.length,
  moved: changes.moved.length,
  merged: changes.merged.length,
  split: changes.split.length,
});

/** So many of each kind are named in an event, which EventBridge takes up to 256 KB of; a roster of all has the rest. */
const mostNamed = 200;
const mostParts = 10;

/** The changes as an event tells them. */
export const tellChanges = (
  changes: Changes,
): Pick<RosterEventDetail, "counts" | "truncated" | "joined" | "left" | "moved" | "merged" | "split"> => {
  const counts = countChanges(changes);
  const isLong = Object.values(counts).some((count) => count > mostNamed);
  const hasParts = [...changes.merged.map(({ from }) => from), ...changes.split.map(({ into }) => into)].some(
    (parts) => parts.length > mostParts,
  );
  return {
    counts,
    joined: changes.joined.slice(0, mostNamed),
    left: changes.left.slice(0, mostNamed),
    moved: changes.moved.slice(0, mostNamed),
    merged: changes.merged
      .slice(0, mostNamed)
      .map(({ employee_id, from }) => ({ employee_id, from: from.slice(0, mostParts) })),
    split: changes.split
      .slice(0, mostNamed)
      .map(({ employee_id, into }) => ({ employee_id, into: into.slice(0, mostParts) })),
    truncated: isLong || hasParts,
  };
};

const employeesByIndividual = (clusters: readonly Cluster[]): ReadonlyMap<string, string> =>
  new Map(clusters.flatMap(({ employee_id, sources }) => sources.map((source) => [identityOf(source), employee_id])));

const distinct = (sources: readonly Source[], employees: ReadonlyMap<string, string>): readonly string[] => [
  ...new Set(sources.flatMap((source) => employees.get(identityOf(source)) ?? [])),
];

const connectionsOf = (sources: readonly Source[]): ReadonlySet<string> =>
  new Set(sources.map(({ connection_id }) => connection_id));
