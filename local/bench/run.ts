import type { Outputs } from "../stack/outputs.ts";
import type { Figure } from "./figures.ts";
import { toFigure, toTimedFinding } from "./figures.ts";
import type { Asked, Measurement, TimedMeasurement } from "./measurement.ts";
import { runProgram } from "./run-program.ts";
import { createWorld, type World } from "./world.ts";

/** What is measured, and how. */
export interface BenchPlan extends Asked {
  readonly chosen: readonly Measurement[];
  readonly baseline: TimedMeasurement;
  /** Runs something with a deployed stack. */
  readonly withStack: <Value>(use: (outputs: Outputs) => Promise<Value>) => Promise<Value>;
}

/**
 * Measures, in the order of the list: what needs no stack before there is one, then what needs it.
 *
 * @throws Refusal of a measurement, and the signal's reason when it is given.
 */
export const measure = async (plan: BenchPlan): Promise<readonly Figure[]> => {
  const { chosen, steps, signal, withStack } = plan;
  const figures = new Map<Measurement, readonly Figure[]>();
  for (const measurement of chosen) {
    if (measurement.kind !== "local") continue;
    signal.throwIfAborted();
    const findings = await steps.step(measurement.name, () => runProgram(measurement, plan));
    figures.set(
      measurement,
      findings.map((finding) => toFigure(measurement.name, finding)),
    );
  }
  if (chosen.some(({ kind }) => kind !== "local")) {
    await withStack(async (outputs) => {
      const world = await createWorld(outputs);
      for (const [measurement, found] of await measureInTurn(world, plan)) figures.set(measurement, found);
      for (const measurement of chosen) {
        if (measurement.kind !== "stack") continue;
        signal.throwIfAborted();
        const findings = await steps.step(measurement.name, () => measurement.measure(world, plan));
        figures.set(
          measurement,
          findings.map((finding) => toFigure(measurement.name, finding)),
        );
      }
    });
  }
  return chosen.flatMap((measurement) => figures.get(measurement) ?? []);
};

/**
 * Takes the samples of all that is timed, one at a time. Each round has one of every measurement, so that what else the
 * machine does meets all of them alike; the first round is not counted, since functions start in it.
 */
const measureInTurn = async (world: World, plan: BenchPlan): Promise<ReadonlyMap<Measurement, readonly Figure[]>> => {
  const { chosen, baseline, rounds, steps, signal } = plan;
  const timed = chosen.filter((each) => each.kind === "timed");
  const taken = await steps.step("connections to measure with", () =>
    Promise.all(timed.map(async (measurement) => ({ measurement, take: await measurement.prepare(world) }))),
  );
  const samples = new Map<Measurement, number[]>(timed.map((each) => [each, []]));
  for (let round = 0; round <= rounds; round += 1) {
    await steps.step(round === 0 ? "warm-up" : `round ${round} of ${rounds}`, async () => {
      for (const { measurement, take } of taken) {
        signal.throwIfAborted();
        const seconds = await take();
        if (round > 0) samples.get(measurement)?.push(seconds);
      }
    });
  }
  const base = { name: baseline.name, samples: samples.get(baseline) ?? [] };
  return new Map(
    timed.map((each) => [each, [toFigure(each.name, toTimedFinding(each, samples.get(each) ?? [], base))]]),
  );
};
