import { type SweepChecksDependencies, type SweptChecks, sweepChecks } from "#shared/connection/sweep-checks.ts";
import { describeError, type Log } from "#shared/log.ts";

/** How long the guard is off after somebody has said that what Finch says is so. */
const trustMs = 24 * 3_600_000;

/**
 * Invoked every five minutes. `{"resume": true}` as the payload ends a pause at once; with `"trust_finch": true` beside it,
 * the guard against too much trouble is off for a day. Nothing else of a payload matters.
 */
export const createHandler = ({ log, ...deps }: SweepChecksDependencies & { readonly log: Log }) => {
  const operation = "sweep-checks";
  const sweep = sweepChecks(deps);

  return async (event: unknown): Promise<SweptChecks> => {
    const { resume, trust_finch: trustFinch } = Object(event);
    try {
      if (resume === true) {
        await deps.pauses.resume(trustFinch === true ? new Date(deps.now().getTime() + trustMs) : undefined);
      }
      const swept = await sweep();
      if (swept.kind === "paused") {
        // In each run for as long as it lasts: an alarm counts it, and ends with the pause.
        log.error("checks paused", { operation, reason: swept.reason, count: swept.inTrouble });
      } else {
        const { looked, lagMinutes, inTrouble, undecided } = swept;
        log.info("checks swept", { operation, count: looked, lag_minutes: lagMinutes });
        if (inTrouble > 0) log.info("looks asked for again", { operation, count: inTrouble });
        if (undecided > 0) log.warn("looks undecided", { operation, count: undecided });
      }
      return swept;
    } catch (error) {
      log.error("sweep failed", { operation, ...describeError(error) });
      throw new Error("sweep failed");
    }
  };
};
