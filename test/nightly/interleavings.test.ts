/** Callers that get in each other's way, over the stores in memory: 26,000 orders of their steps. */
import { describe, it } from "vitest";
import { runMany, scenarios } from "../interleavings/interleavings.ts";

const runs = 2_000;

describe(`callers that meet, in ${runs * scenarios.length} orders`, () => {
  it.each(scenarios)("$name", (scenario) => runMany(scenario, runs));
});
