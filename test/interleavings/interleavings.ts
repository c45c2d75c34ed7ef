/** Many runs of each scenario, and how one that went wrong is told. */
import { createMemoryStores, type MemoryStores } from "../support/memory/stores.ts";
import { type RunCallers, runOnce, type Scenario } from "./run.ts";
import { scenariosOfConnections } from "./scenarios-of-connections.ts";
import { scenariosOfDeletions } from "./scenarios-of-deletions.ts";
import { scenariosOfSessions } from "./scenarios-of-sessions.ts";
import { createScheduler } from "./scheduler.ts";
import { snapshotMemory } from "./snapshot.ts";
import type { RunStores } from "./world.ts";

export const scenarios: readonly Scenario[] = [
  ...scenariosOfSessions,
  ...scenariosOfConnections,
  ...scenariosOfDeletions,
];

/** Where the runs begin: the same number brings about the same ones. */
export const firstSeed = Number(process.env["PERCH_SEED"] ?? 1);

/** One caller's step at a time, in the order that the seed decides. */
const inTurns: RunCallers = (random, callers) => {
  const scheduler = createScheduler(random);
  return scheduler.run(callers.map((call, caller) => () => call(scheduler.meetAs(caller))));
};

/** Puts a mistake into the stores. */
export type Spoil = (stores: MemoryStores) => NonNullable<RunStores["spoiltFor"]>;

/** Runs a scenario once over the stores in memory; what was found wrong. */
export const runInMemory = (scenario: Scenario, seed: number, spoil?: Spoil): Promise<string[]> => {
  const stores = createMemoryStores();
  const takeSnapshot = async () => snapshotMemory(stores.memory);
  return runOnce(scenario, seed, { ...stores, takeSnapshot, ...(spoil && { spoiltFor: spoil(stores) }) }, inTurns);
};

/** How many runs have come to their end without a finding, and where they were. */
export const tellRuns = (where: string, done: number): void => {
  process.stdout.write(`interleavings: ${done} orders ${where} without a violation, from seed ${firstSeed}\n`);
};

/**
 * Runs a scenario under so many seeds in a row. Returns how many it has run.
 *
 * @throws Error that names the scenario, the seed and what was found, for the first run that went wrong.
 */
export const runMany = async (
  scenario: Scenario,
  runs: number,
  run: (scenario: Scenario, seed: number) => Promise<string[]> = (...what) => runInMemory(...what),
  from = firstSeed,
): Promise<number> => {
  for (let seed = from; seed < from + runs; seed += 1) {
    const found = await run(scenario, seed).catch((error: unknown) => [`the run broke: ${error}`]);
    if (found.length > 0) {
      throw new Error(
        `"${scenario.name}" with seed ${seed}: ${found.join("; ")}. Again: npm test -- test/interleavings --seed ${seed}`,
      );
    }
  }
  return runs;
};
