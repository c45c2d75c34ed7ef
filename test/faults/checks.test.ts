/** Looks with every fault at every await: what Finch says is stored in the end, its customer is asked for once, no token is lost. */
import { afterAll, expect, it } from "vitest";
import { recordFigure } from "../support/evidence.ts";
import { checkScenarios } from "./check-scenarios.ts";
import { explore } from "./explore.ts";

const claim = "What Finch says of a connection is stored in the end, whichever call goes wrong";
let [awaits, runs] = [0, 0];
afterAll(() => {
  process.stdout.write(`checks: ${awaits} awaits in ${checkScenarios.length} scenarios, ${runs} runs with faults\n`);
});

it.each(checkScenarios)("keeps every rule: $name", async (scenario) => {
  const explored = await explore(scenario);
  expect(explored.violations).toEqual([]);
  expect(explored.awaits.length).toBeGreaterThan(4);
  awaits += explored.awaits.length;
  runs += explored.runs;
  recordFigure("runs with faults, checks", runs, "runs", claim);
});
