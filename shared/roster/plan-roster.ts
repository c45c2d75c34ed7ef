import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import type { Surroundings } from "../connection/ports.ts";
import type { ConnectionStore } from "../connection/store-ports.ts";
import { fitOneRoster, listInUse, mostConnections } from "./connections-in-use.ts";
import type { DataKeys, RosterStore } from "./ports.ts";
import type { RosterId } from "./roster.ts";

export interface PlanRosterDependencies extends Pick<Surroundings, "now"> {
  readonly connections: Pick<ConnectionStore, "list">;
  readonly rosters: Pick<RosterStore, "find" | "plan" | "lease" | "release" | "fail">;
  readonly dataKeys: Pick<DataKeys, "make">;
  /** Whether SSNs are asked for. */
  readonly asksForSsn: boolean;
}

/**
 * Creates the use case: which connections a roster reads, all that are in use now. Safe to repeat: what has begun goes on.
 *
 * @returns their ids; none of a roster that does not run. One with more connections than fit fails, as its start has not seen.
 */
export const planRoster =
  (deps: PlanRosterDependencies) =>
  async (customerId: CustomerId, rosterId: RosterId, leaseUntil: Date): Promise<readonly ConnectionId[]> => {
    const roster = await deps.rosters.find(customerId, rosterId);
    if (roster?.state !== "running" || !(await deps.rosters.lease(roster, leaseUntil))) return [];
    const ids = await listInUse(deps, customerId, mostConnections);
    if (!fitOneRoster(ids)) {
      await deps.rosters.fail(roster, "too_many_connections", deps.now());
      return [];
    }
    // One key for a run: marks of different runs are never compared.
    const ssnKey = deps.asksForSsn ? (await deps.dataKeys.make({ customerId, rosterId })).sealed : null;
    const isPlanned = await deps.rosters.plan(roster, ids, ssnKey);
    await deps.rosters.release(roster, leaseUntil);
    return isPlanned ? ids : [];
  };
