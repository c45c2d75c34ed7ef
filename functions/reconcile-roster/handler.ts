import type { ConnectionId } from "#shared/connection/identifiers.ts";
import { describeError, type Log } from "#shared/log.ts";
import { type PlanRosterDependencies, planRoster } from "#shared/roster/plan-roster.ts";
import type { RosterStore } from "#shared/roster/ports.ts";
import {
  failRoster,
  type ReconcileOutcome,
  type ReconcileRosterDependencies,
  reconcileRoster,
} from "#shared/roster/reconcile-roster.ts";
import { type LostExecution, readLostExecution, readStepInput } from "#shared/roster/step-input.ts";

type Dependencies = ReconcileRosterDependencies &
  PlanRosterDependencies & {
    readonly log: Log;
    readonly rosters: ReconcileRosterDependencies["rosters"] &
      PlanRosterDependencies["rosters"] &
      Pick<RosterStore, "stop">;
  };

type Reply =
  | { readonly connections: readonly ConnectionId[] }
  | { readonly state: ReconcileOutcome | "failed" | "stopped" };

const operation = "reconcile-roster";

/**
 * The first and the last step of the state machine of rosters: `plan` names the connections that are to be read, `reconcile`
 * makes employees of what was read and publishes them, `fail` ends a roster of which that was not possible. In and out go ids
 * and states, never people; it opens no token. EventBridge tells it of executions that have not come to their end: what they
 * leave running is noted as stopped.
 */
export const createHandler = ({ log, ...deps }: Dependencies) => {
  const [plan, reconcile, fail] = [planRoster(deps), reconcileRoster(deps), failRoster(deps)];

  const stop = async (lost: LostExecution): Promise<Reply> => {
    const about = { operation, customer_id: lost.customerId, reason: lost.status };
    // Most have said themselves how it ended, in their last step.
    if (!(await deps.rosters.stop(lost))) return { state: "void" };
    log.error("roster stopped", about);
    return { state: "stopped" };
  };

  return async (event: unknown, context: { readonly getRemainingTimeInMillis: () => number }): Promise<Reply> => {
    const lost = readLostExecution(event);
    if (lost !== undefined) return stop(lost);
    const { step, customerId, rosterId } = readStepInput(event);
    const about = { operation, customer_id: customerId };
    const leaseUntil = new Date(deps.now().getTime() + context.getRemainingTimeInMillis());
    try {
      if (step === "plan") {
        const connections = await plan(customerId, rosterId, leaseUntil);
        log.info("roster planned", { ...about, count: connections.length });
        return { connections };
      }
      if (step === "fail") {
        await fail(customerId, rosterId);
        log.error("roster failed", about);
        return { state: "failed" };
      }
      const state = await reconcile(customerId, rosterId, leaseUntil);
      log.info("roster reconciled", { ...about, reason: state });
      return { state };
    } catch (error) {
      log.error("roster not reconciled", { ...about, reason: step, ...describeError(error) });
      // The history of an execution keeps what is thrown: of this, nothing but that it was.
      throw new Error("a step of a roster has failed");
    }
  };
};
