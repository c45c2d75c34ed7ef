import { describeError, type Log } from "#shared/log.ts";
import {
  giveUpConnection,
  type ReadConnectionDependencies,
  type ReadOutcome,
  readConnection,
} from "#shared/roster/read-connection.ts";
import { readStepInput } from "#shared/roster/step-input.ts";

/** What is left of its time when the function begins no other request: Finch may take two minutes for one. */
const reserveMs = 150_000;

/**
 * The step that reads, of the state machine of rosters: `read` reads one connection as far as time allows, `give_up` ends one
 * that keeps failing. In and out go ids and states, never people.
 */
export const createHandler = ({ log, ...deps }: ReadConnectionDependencies & { readonly log: Log }) => {
  const [read, giveUp] = [readConnection(deps), giveUpConnection(deps)];

  return async (event: unknown, context: { readonly getRemainingTimeInMillis: () => number }): Promise<ReadOutcome> => {
    const operation = "read-roster-page";
    const { step, customerId, rosterId, connectionId } = readStepInput(event);
    const about = { operation, customer_id: customerId, connection_id: connectionId };
    const leaseUntil = new Date(deps.now().getTime() + context.getRemainingTimeInMillis());
    try {
      if (connectionId === undefined) throw new TypeError("a step names no connection");
      const request = { customerId, rosterId, connectionId };
      if (step === "give_up") {
        await giveUp(request);
        log.error("roster gives a connection up", about);
        return { state: "done" };
      }
      const outcome = await read(request, leaseUntil, () => context.getRemainingTimeInMillis() > reserveMs);
      log.info("roster read", { ...about, reason: outcome.state });
      return outcome;
    } catch (error) {
      log.error("roster not read", { ...about, reason: step, ...describeError(error) });
      // The history of an execution keeps what is thrown: of this, nothing but that it was.
      throw new Error("a step of a roster has failed");
    }
  };
};
