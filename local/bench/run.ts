import type { Outputs } from "../stack/outputs.ts";
import type { Steps } from "../stack/steps.ts";
import { type Report, toFigures } from "./figures.ts";
import { describeMachine } from "./machine.ts";
import type { Measurement } from "./measurement.ts";
import { createWorld } from "./world.ts";

export interface BenchPlan {
  readonly chosen: readonly Measurement[];
  readonly baseline: Measurement;
  readonly rounds: number;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

/**
 * Takes the samples, one at a time. Each round has one of every measurement, so that what else the machine does meets all
 * of them alike; the first round is not counted, since functions start in it.
 *
 * @throws Refusal of a measurement, and the signal's reason when it is given.
 */
export const measure = async (outputs: Outputs, plan: BenchPlan): Promise<Report> => {
  const { chosen, baseline, rounds, steps, signal } = plan;
  const machine = describeMachine();
  const world = await createWorld(outputs);
  const taken = await steps.step("connections to measure with", () =>
    Promise.all(
      chosen.map(async ({ name, what, isLong = false, prepare }) => ({
        ...{ name, what, isLong },
        take: await prepare(world),
      })),
    ),
  );
  const samples = new Map(chosen.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round += 1) {
    await steps.step(round === 0 ? "warm-up" : `round ${round} of ${rounds}`, async () => {
      for (const { name, isLong, take } of taken) {
        if (isLong && round !== 1) continue;
        signal.throwIfAborted();
        const seconds = await take();
        if (round > 0) samples.get(name)?.push(seconds);
      }
    });
  }
  const all = taken.map(({ name, what }) => ({ name, what, samples: samples.get(name) ?? [] }));
  return {
    not_measured_on_aws: true,
    machine,
    load_average_after: describeMachine().load_average,
    unit: "seconds",
    figures: toFigures(all, baseline.name),
  };
};
