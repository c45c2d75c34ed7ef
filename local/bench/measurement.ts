import type { World } from "./world.ts";

/**
 * One figure of the benchmark, in a file of its own under `measurements/`. Whoever adds one lists it in `measurements.ts`.
 * A measurement tells how long something took; it never judges.
 */
export interface Measurement {
  /** Its word in the JSON and on the command line, such as `reauthentication-webhook`. */
  readonly name: string;
  /** What is timed, from when to when. */
  readonly what: string;
  /** It takes minutes, and its first time is like any other: one sample, without a warm-up, and only when it is named. */
  readonly isLong?: true;
  /**
   * Makes what is measured, once, and returns what takes one sample: a number of seconds. Samples are taken one at a time,
   * of all measurements in turn. What a sample needs before its clock starts, it does itself.
   *
   * @throws Refusal when something is not there after a minute.
   */
  readonly prepare: (world: World) => Promise<() => Promise<number>>;
}

/** How long something takes, in seconds. */
export const secondsOf = async (run: () => Promise<unknown>): Promise<number> => {
  const since = performance.now();
  await run();
  return (performance.now() - since) / 1_000;
};
