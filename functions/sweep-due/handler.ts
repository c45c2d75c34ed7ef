import { type SweepDueDependencies, sweepDue } from "#shared/connection/sweep-due.ts";
import { describeError, type Log } from "#shared/log.ts";

/** Invoked every five minutes. What it did not get to is still due at the next run. */
export const createHandler = ({ log, ...deps }: SweepDueDependencies & { readonly log: Log }) => {
  const sweep = sweepDue(deps);

  return async (): Promise<void> => {
    const operation = "sweep-due";
    try {
      const { sessionsFailed, eventsPublished, eventsLeft, disconnectsNudged, deletionsNudged } = await sweep();
      const count = sessionsFailed + eventsPublished + disconnectsNudged + deletionsNudged;
      log.info("sweep done", { operation, count });
      // Each of these lines is counted by an alarm.
      if (sessionsFailed > 0) log.warn("sessions given up", { operation, count: sessionsFailed });
      if (eventsLeft > 0) log.warn("events not published", { operation, count: eventsLeft });
    } catch (error) {
      log.error("sweep failed", { operation, ...describeError(error) });
      throw new Error("sweep failed");
    }
  };
};
