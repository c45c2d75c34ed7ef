/** Callers that get in each other's way, over the stores in memory: 26,000 orders of their steps. */
import { afterAll, describe, it } from "vitest";
import { runMany, scenarios, tellRuns } from "../interleavings/interleavings.ts";
import { recordFigure } from "../support/evidence.ts";

const runs = 2_000;
let done = 0;
afterAll(() => tellRuns("in memory, at night,", done));

describe(`callers that meet, in ${runs * scenarios.length} orders`, () => {
  it.each(scenarios)("$name", async (scenario) => {
    const ran = await runMany(scenario, runs);
    done += ran;
    recordFigure("orders of callers that meet", done, "orders", "No order of callers' steps breaks a rule");
  });
});
