/** The stories find what they are there for: each of these bugs, behind a port, comes to light, and again from its path alone. */
import { afterAll, describe, expect, it } from "vitest";
import { plantedBugs } from "../model/planted-bugs.ts";
import { runModel } from "../model/run-model.ts";

/** Always the same stories: whether a bug is found is not left to chance. */
const seed = 1;
const mostRuns = 5_000;
const foundIn: string[] = [];
afterAll(() => process.stdout.write(`planted bugs: ${foundIn.join(", ")}\n`));

/** Without how long it took to find it. */
const storyOf = (failure: string | undefined) => failure?.split("\nfound in run")[0];

describe("a planted bug is found", () => {
  it.each(Object.entries(plantedBugs))("%s", async (name, plant) => {
    const { failure, path, runs } = await runModel(mostRuns, { plant, seed });
    expect(failure, `not found in ${mostRuns} stories`).toBeDefined();
    foundIn.push(`${name} in run ${runs}`);
    const again = await runModel(1, { plant, seed, path });
    expect(storyOf(again.failure)).toBe(storyOf(failure));
  });
});
