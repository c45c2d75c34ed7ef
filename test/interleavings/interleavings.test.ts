/** Callers that get in each other's way, over the stores in memory: 1,300 orders of their steps. */
import { afterAll, describe, it } from "vitest";
import { runMany, scenarios, tellRuns } from "./interleavings.ts";

const runs = 100;
let done = 0;
afterAll(() => tellRuns("in memory", done));

describe(`callers that meet, in ${runs * scenarios.length} orders`, () => {
  it.each(scenarios)(
    "$name",
    async (scenario) => {
      const ran = await runMany(scenario, runs);
      done += ran;
    },
    60_000,
  );
});
