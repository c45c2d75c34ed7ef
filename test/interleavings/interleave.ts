import { audit } from "../support/auditor.ts";
import { createWorld, type World } from "../support/world.ts";
import { races } from "./races.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";

/** Where the seeds begin: said by the run, so that a failure can be run again. */
export const firstSeed = Number(process.env["PERCH_SEED"] ?? 1);

/**
 * Runs a race in the order that follows from the seed; what did not hold, each with its seed. `plant` may put a bug into
 * the world first.
 */
export const interleave = async (
  name: string,
  seed: number,
  plant: (world: World, scheduler: Scheduler) => void = () => {},
): Promise<readonly string[]> => {
  const world = createWorld();
  // Time passes with each step, as it does.
  const scheduler = createScheduler(seed, () => world.advance(1));
  const setUp = races[name];
  if (setUp === undefined) throw new Error(`no race ${name}`);
  const { callers, complain = () => [] } = await setUp(world, scheduler.share);
  plant(world, scheduler);
  const outcomes = await scheduler.run(callers);
  // Time goes on: what is due is done, and what was written is published.
  await world.pass(30);
  const thrown = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [`a caller threw ${outcome.reason}`] : [],
  );
  const violations = [...thrown, ...complain(), ...(await audit(world, { mayLoseToken: false }))];
  return violations.map((violation) => `${name}, PERCH_SEED=${seed}: ${violation}`);
};

/** Runs every race with so many seeds each. */
export const interleaveAll = async (
  seeds: number,
): Promise<{ readonly runs: number; readonly violations: string[] }> => {
  const violations: string[] = [];
  let runs = 0;
  for (const name of Object.keys(races)) {
    for (let offset = 0; offset < seeds; offset += 1) {
      violations.push(...(await interleave(name, firstSeed + offset)));
      runs += 1;
    }
  }
  return { runs, violations };
};
