import { describeError, type Log } from "./log.ts";

/** Lets a nudge fail without harm: what it hurries is stored already and falls due by itself. A failure is logged. */
export const withoutFailing =
  <Asked>(nudge: (asked: Asked) => Promise<void>, log: Log, operation: string) =>
  async (asked: Asked): Promise<void> => {
    try {
      await nudge(asked);
    } catch (error) {
      log.warn("nudge failed", { operation, ...describeError(error) });
    }
  };
