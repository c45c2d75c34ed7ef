/** Deleting a customer, with every fault at every await: nothing is left of it, and no token is lost silently. */
import { afterAll, expect, it } from "vitest";
import { recordFigure } from "../support/evidence.ts";
import { deletionScenarios } from "./deletion-scenarios.ts";
import { explore } from "./explore.ts";

const claim = "Nothing is left of a deleted customer, whichever call goes wrong";
let [awaits, runs] = [0, 0];
afterAll(() => {
  process.stdout.write(
    `deletion: ${awaits} awaits in ${deletionScenarios.length} scenarios, ${runs} runs with faults\n`,
  );
});

it.each(deletionScenarios)("keeps every rule: $name", async (scenario) => {
  const explored = await explore(scenario);
  expect(explored.violations).toEqual([]);
  expect(explored.awaits.length).toBeGreaterThan(1);
  awaits += explored.awaits.length;
  runs += explored.runs;
  recordFigure("runs with faults, deletion", runs, "runs", claim);
});
