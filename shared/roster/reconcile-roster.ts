import type { CustomerId } from "../connection/identifiers.ts";
import type { Surroundings } from "../connection/ports.ts";
import type { ConnectionStore } from "../connection/store-ports.ts";
import { reconcile } from "../employee/reconcile.ts";
import type { Source } from "../employee/record.ts";
import { type Cluster, countChanges, findChanges, rememberClusters, tellChanges } from "./changes.ts";
import { listInUse } from "./connections-in-use.ts";
import { clustersPage, writeEmployees } from "./employee-pages.ts";
import type { PageVault, RosterStore } from "./ports.ts";
import { readRecords } from "./read-pages.ts";
import type { ConnectionRead, Roster, RosterId, RosterOutcome } from "./roster.ts";

export interface ReconcileRosterDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly connections: Pick<ConnectionStore, "list">;
  readonly rosters: Pick<
    RosterStore,
    "current" | "find" | "reads" | "decisions" | "lease" | "release" | "publish" | "fail"
  >;
  readonly pages: PageVault;
}

/** How a run ended. `void`: it does not run (any more). */
export type ReconcileOutcome = "ready" | "void";

/**
 * Creates the use case: reconciles what was read, stores the employees and makes the roster the customer's newest, with the
 * event that tells what has changed, in one transaction. Safe to repeat: nobody reads a roster that is not published. What was
 * read of a connection that has ended meanwhile is left out: its people have left.
 *
 * @throws what the stores throw.
 */
export const reconcileRoster =
  (deps: ReconcileRosterDependencies) =>
  async (customerId: CustomerId, rosterId: RosterId, leaseUntil: Date): Promise<ReconcileOutcome> => {
    const { rosters, pages } = deps;
    const roster = await rosters.find(customerId, rosterId);
    if (roster?.state !== "running" || !(await rosters.lease(roster, leaseUntil))) return "void";
    const inUse = new Set(await listInUse(deps, customerId));
    const reads = (await rosters.reads(customerId, rosterId)).filter(({ connectionId }) => inUse.has(connectionId));
    const records = await readRecords(pages, roster, reads);
    const previous = await findPrevious(deps, roster);
    const before = previous?.clusters ?? [];
    const decisions = await rosters.decisions(customerId);
    const reconciliation = reconcile(records, { decisions, knownIds: before });
    const matches = reconciliation.possibleMatches();
    const pageCount = await writeEmployees(pages, roster, reconciliation, matches);
    const after = [...reconciliation.clusters()];
    const isUnread = unreadIn(reads);
    await pages.put(roster, clustersPage, rememberClusters(before, after, isUnread));

    const changes = findChanges(before, after, isUnread);
    const { individuals, employees } = reconciliation.counts;
    const incomplete = reads.some(({ state }) => state !== "complete");
    const outcome: RosterOutcome = {
      ...{ incomplete, individuals, employees, possibleMatches: matches.length, pages: pageCount },
      changes: countChanges(changes),
    };
    const now = deps.now();
    const event = {
      eventId: deps.newId(),
      time: now,
      type: "RosterReady",
      customerId,
      subject: { kind: "roster", id: rosterId, version: now.getTime() },
      detail: { incomplete, employees, previous_roster_id: previous?.rosterId ?? null, ...tellChanges(changes) },
    } as const;
    if (await rosters.publish(roster, outcome, now, [event])) return "ready";
    await rosters.release(roster, leaseUntil);
    return "void";
  };

/** Creates the use case: ends a roster that could not be reconciled. The one before stays the newest. */
export const failRoster =
  ({
    rosters,
    now,
  }: Pick<ReconcileRosterDependencies, "now"> & { readonly rosters: Pick<RosterStore, "find" | "fail"> }) =>
  async (customerId: CustomerId, rosterId: RosterId): Promise<void> => {
    const roster = await rosters.find(customerId, rosterId);
    if (roster?.state === "running") await rosters.fail(roster, "internal_error", now());
  };

/** What is remembered of the newest roster, as long as it is there. */
const findPrevious = async (
  { rosters, pages, now }: ReconcileRosterDependencies,
  { customerId }: Roster,
): Promise<{ readonly rosterId: RosterId; readonly clusters: readonly Cluster[] } | undefined> => {
  const { newest } = await rosters.current(customerId);
  const roster = newest === null ? undefined : await rosters.find(customerId, newest);
  if (roster === undefined || roster.expiresAt <= now()) return undefined;
  const clusters = await pages.get(roster, clustersPage);
  return clusters === undefined ? undefined : { rosterId: roster.rosterId, clusters: clusters as readonly Cluster[] };
};

/**
 * Whether an individual may be there without having been read: its connection is in the roster, and its entity was not read
 * to its end, whether that failed or a child execution was lost that nobody followed.
 */
const unreadIn = (reads: readonly ConnectionRead[]): ((source: Source) => boolean) => {
  const unread = new Map(
    reads.map(({ connectionId, state, entities }) => [
      String(connectionId),
      {
        isWhole: entities.length === 0 && state !== "complete",
        entities: new Set(entities.filter((entity) => entity.state !== "complete").map(({ entityId }) => entityId)),
      },
    ]),
  );
  return ({ connection_id, entity_id }) => {
    const read = unread.get(connection_id);
    return read !== undefined && (read.isWhole || read.entities.has(entity_id ?? null));
  };
};
