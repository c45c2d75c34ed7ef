import { type Actor, entriesOf } from "../connection/audit.ts";
import type { CustomerId } from "../connection/identifiers.ts";
import type { Surroundings } from "../connection/ports.ts";
import type { ConnectionStore } from "../connection/store-ports.ts";
import { ok, type Result, refuse } from "../result.ts";
import { retention } from "../retention.ts";
import { fitOneRoster, listInUse, mostConnections } from "./connections-in-use.ts";
import type { RosterExecutions, RosterStore } from "./ports.ts";
import type { Roster, RosterId } from "./roster.ts";
import { executionName } from "./step-input.ts";

export interface StartRosterDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly connections: Pick<ConnectionStore, "list">;
  readonly rosters: Pick<RosterStore, "current" | "find" | "begin" | "countExecution">;
  readonly executions: RosterExecutions;
}

export type RosterRefusal = "customer_unknown" | "customer_deleting" | "too_many_connections";

const dayMs = 24 * 3_600_000;

/**
 * Creates the use case: starts a roster, or gives the one that runs. One whose execution was lost goes on with another,
 * where it stopped: what was read stays read.
 */
export const startRoster =
  (deps: StartRosterDependencies) =>
  async (customerId: CustomerId, by: Actor): Promise<Result<Roster, RosterRefusal>> => {
    for (;;) {
      const { running } = await deps.rosters.current(customerId);
      const known = running === null ? undefined : await deps.rosters.find(customerId, running);
      if (known?.state === "running") {
        await keepRunning(deps, known);
        return ok({ ...known, stoppedExecution: null });
      }
      // Which they are is seen when it is planned, and whether they fit once more.
      const ids = await listInUse(deps, customerId, mostConnections);
      if (!fitOneRoster(ids)) return refuse("too_many_connections");
      const now = deps.now();
      const roster: Roster = {
        customerId,
        rosterId: deps.newId() as RosterId,
        state: "running",
        startedAt: now,
        expiresAt: new Date(now.getTime() + retention.rosterDays * dayMs),
        ...{
          execution: 1,
          stoppedExecution: null,
          reason: null,
          finishedAt: null,
          ssnKey: null,
          outcome: null,
          leaseUntil: null,
        },
      };
      const entries = entriesOf(deps, by, { customerId, action: "roster_started", at: now });
      const begun = await deps.rosters.begin(roster, running, entries);
      if (begun.ok) {
        await deps.executions.start(executionName(roster), inputOf(roster));
        return ok(roster);
      }
      if (begun.refusal !== "changed") return refuse(begun.refusal);
      // Another call has begun one at the same moment: look again.
    }
  };

/** Sees to it that a running roster has an execution: the call that began it may have been lost, or the execution itself. */
const keepRunning = async ({ rosters, executions }: StartRosterDependencies, roster: Roster): Promise<void> => {
  const isRunning = await executions.isRunning(executionName(roster));
  if (isRunning === true) return;
  if (isRunning === undefined) return executions.start(executionName(roster), inputOf(roster));
  const next = { ...roster, execution: roster.execution + 1 };
  // Whoever counts it, starts it.
  if (await rosters.countExecution(next)) await executions.start(executionName(next), inputOf(next));
};

const inputOf = ({ customerId, rosterId }: Roster) => ({ customer_id: customerId, roster_id: rosterId });
