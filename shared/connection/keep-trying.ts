import type { Surroundings } from "./ports.ts";

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/**
 * Runs a step until it is done. `"again"` and anything thrown (throttling, a lost answer, an outage) repeat it after a
 * growing, jittered pause: who holds a token has no better place to put it than where it was going.
 *
 * @throws what the step threw last, once `deadline` has come.
 */
export const keepTrying = async <Value>(
  { now, sleep, randomBytes }: Pick<Surroundings, "now" | "sleep" | "randomBytes">,
  deadline: Date,
  step: () => Promise<{ readonly done: Value } | "again">,
): Promise<Value> => {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    let thrown: unknown;
    try {
      const result = await step();
      if (result !== "again") return result.done;
    } catch (error) {
      thrown = error;
    }
    if (now().getTime() + pauseMs >= deadline.getTime()) {
      // Made only now: the stack of an error is dear, and almost none is thrown.
      throw thrown ?? new Error("not done before the deadline");
    }
    const jitter = (randomBytes(1)[0] ?? 0) / 255;
    await sleep(pauseMs * (0.5 + jitter / 2));
  }
};
