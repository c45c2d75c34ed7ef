import {
  type Trial,
  type TrialReport,
  type TryConnectionsDependencies,
  tryConnections,
} from "#shared/connection/try-connections.ts";
import { describeError, type Log } from "#shared/log.ts";

/** Time for a call of Finch that was begun just before the end (20 s), and to store what it says. */
const reserveMs = 25_000;

export interface TryConnectionsHandlerDependencies<Answer> extends Omit<TryConnectionsDependencies, "noteFailure"> {
  readonly log: Log;
  /** Reads the trial in an event. @throws for one that has none. */
  readonly readEvent: (event: unknown) => Trial;
  readonly toAnswer: (report: TrialReport) => Answer;
}

/** Invoked by the sweep of checks only, which waits for the answer. */
export const createHandler = <Answer>({
  log,
  readEvent,
  toAnswer,
  ...deps
}: TryConnectionsHandlerDependencies<Answer>) => {
  const operation = "try-connections";
  const attempt = tryConnections({
    ...deps,
    noteFailure: (error, { customerId: customer_id, connectionId: connection_id }) =>
      log.error("look failed", { operation, customer_id, connection_id, ...describeError(error) }),
  });

  return async (event: unknown, context: { readonly getRemainingTimeInMillis: () => number }): Promise<Answer> => {
    const deadline = new Date(deps.now().getTime() + context.getRemainingTimeInMillis() - reserveMs);
    const report = await attempt(readEvent(event), deadline);
    log.info("connections tried", { operation, count: report.looked, reason: report.standstill });
    return toAnswer(report);
  };
};
