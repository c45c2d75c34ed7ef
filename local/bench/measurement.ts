import type { Steps } from "../stack/steps.ts";
import type { Finding } from "./finding.ts";
import type { World } from "./world.ts";

/**
 * A part of the benchmark, in a file of its own under `measurements/`. Whoever adds one lists it in `measurements.ts`.
 * It tells what was measured; whether a bar holds is decided in `figures.ts`, for all alike.
 */
export type Measurement = TimedMeasurement | StackMeasurement | LocalMeasurement;

interface Named {
  /** Its word in the JSON and on the command line, such as `reauthentication-webhook`. */
  readonly name: string;
  /** What is measured, from when to when. */
  readonly what: string;
  /** It takes minutes: it is measured only when it is named or all is asked for. */
  readonly isLong?: true;
}

/** How long one thing takes on a deployed stack: samples are taken one at a time, of all such measurements in turn. */
export interface TimedMeasurement extends Named {
  readonly kind: "timed";
  /**
   * Makes what is measured, once, and returns what takes one sample: a number of seconds. What a sample needs before its
   * clock starts, it does itself.
   *
   * @throws Refusal when something is not there after a minute.
   */
  readonly prepare: (world: World) => Promise<() => Promise<number>>;
}

/** Figures of a deployed stack that need it to themselves, such as those under load. */
export interface StackMeasurement extends Named {
  readonly kind: "stack";
  readonly measure: (world: World, asked: Asked) => Promise<readonly Finding[]>;
}

/**
 * Figures that need no stack. They are found by a program in a process of its own, so that nothing else is loaded or
 * running there. It may use what tests use; it prints its findings with `printFindings` and nothing else to stdout.
 */
export interface LocalMeasurement extends Named {
  readonly kind: "local";
  /** The program's path from the project's folder, such as `test/bench/growth.ts`. It gets `--rounds N`. */
  readonly program: string;
}

/** How it is to be measured. */
export interface Asked {
  /** How many samples are wanted. */
  readonly rounds: number;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

/** How long something takes, in seconds. */
export const secondsOf = async (run: () => Promise<unknown>): Promise<number> => {
  const since = performance.now();
  await run();
  return (performance.now() - since) / 1_000;
};
