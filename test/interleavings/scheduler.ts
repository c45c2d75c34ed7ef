import { setImmediate } from "node:timers/promises";
import type { MeetCall } from "../support/intercept.ts";
import type { Random } from "../support/random.ts";

/** Decides at every await of a port which of several callers goes on. */
export interface Scheduler {
  /** What a caller's ports are intercepted with. */
  readonly meetAs: (caller: number) => MeetCall;
  /** Runs the callers to their end, one step of one of them at a time. What each threw, if it did. */
  readonly run: (callers: readonly (() => Promise<void>)[]) => Promise<readonly unknown[]>;
}

/** More steps than any scenario has: callers that wait for each other for ever. */
const mostSteps = 3_000;

/**
 * Callers wait before and after each call's effect, until chance lets one of them go on: so every order of their effects
 * can come about, and the same seed brings the same one about. Nothing may wait for a timer or a socket in between.
 */
export const createScheduler = (random: Random): Scheduler => {
  const waiting: { readonly caller: number; readonly goOn: () => void }[] = [];
  // Some runs go to and fro at every step; in others one caller gets far before another moves.
  const staying = random.pick([0, 0.5, 0.8, 0.95]);
  let current = -1;

  const pickNext = () => {
    const own = waiting.filter(({ caller }) => caller === current);
    const next = random.pick(own.length > 0 && random.chance(staying) ? own : waiting);
    waiting.splice(waiting.indexOf(next), 1);
    current = next.caller;
    next.goOn();
  };

  return {
    meetAs: (caller) => () =>
      new Promise((goOn) => {
        waiting.push({ caller, goOn });
      }),

    run: async (callers) => {
      let running = callers.length;
      const ends = callers.map(async (call) => {
        try {
          await call();
          return undefined;
        } catch (error) {
          return error;
        } finally {
          running -= 1;
        }
      });
      for (let steps = 0; ; steps += 1) {
        // All that follows from the last step without waiting has happened then.
        await setImmediate();
        if (running === 0) return Promise.all(ends);
        if (waiting.length === 0) throw new Error("a caller waits for something that is no port");
        if (steps > mostSteps) throw new Error(`the callers have not ended after ${mostSteps} steps`);
        pickNext();
      }
    },
  };
};
