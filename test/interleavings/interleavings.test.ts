/** Callers that get in each other's way, over the stores in memory: 1,300 orders of their steps. */
import { describe, it } from "vitest";
import { runMany, scenarios } from "./interleavings.ts";

const runs = 100;

describe(`callers that meet, in ${runs * scenarios.length} orders`, () => {
  it.each(scenarios)("$name", (scenario) => runMany(scenario, runs), 60_000);
});
