/** The stories find what they are there for: each of these bugs, behind a port, comes to light, and again from its seed. */
import { afterAll, describe, expect, it } from "vitest";
import { plantedBugs } from "./planted-bugs.ts";
import { firstSeed, runModel } from "./run-model.ts";

/** As many as `npm test` follows without a bug. */
const runs = 1_500;
const foundIn: string[] = [];
afterAll(() => process.stdout.write(`planted bugs: ${foundIn.join(", ")}\n`));

describe("a planted bug is found", () => {
  it.each(Object.entries(plantedBugs))("%s", async (name, plant) => {
    const { failure, runs: needed } = await runModel(runs, { plant });
    expect(failure, `not found in ${runs} stories`).toBeDefined();
    foundIn.push(`${name} in run ${needed}`);
    expect((await runModel(runs, { plant, seed: firstSeed })).failure).toBe(failure);
  });
});
