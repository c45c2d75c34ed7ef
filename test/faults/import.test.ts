/** The import, with every fault at every await: it is safe to repeat, and nothing is half done. */
import { afterAll, expect, it } from "vitest";
import { recordFigure } from "../support/evidence.ts";
import { explore } from "./explore.ts";
import { faultsOf } from "./faulty-ports.ts";
import { importScenarios } from "./import-scenarios.ts";

const claim = "An import is safe to repeat and leaves nothing half done, whichever call goes wrong";
let [awaits, runs] = [0, 0];
const reached = new Set<string>();
afterAll(() => {
  process.stdout.write(`import: ${awaits} awaits in ${importScenarios.length} scenarios, ${runs} runs with faults\n`);
});

it.each(importScenarios)("keeps every rule: $name", async (scenario) => {
  const explored = await explore(scenario);
  expect(explored.violations).toEqual([]);
  expect(explored.awaits.length).toBeGreaterThan(2);
  expect(explored.runs).toBe(3 * explored.awaits.flatMap(faultsOf).length);
  awaits += explored.awaits.length;
  runs += explored.runs;
  recordFigure("runs with faults, import", runs, "runs", claim);
  for (const name of explored.reached) reached.add(name);
});

it.each(importScenarios.slice(0, 3))("keeps every rule when two things go wrong: $name", async (scenario) => {
  const explored = await explore(scenario, 2);
  expect(explored.violations).toEqual([]);
  runs += explored.runs;
  recordFigure("runs with faults, import", runs, "runs", claim);
});

it("awaits each of its ports somewhere in these scenarios", () => {
  expect([...reached].toSorted()).toEqual([
    "connections.claim",
    "connections.find",
    "customers.find",
    "finch.clientId",
    "finch.introspect",
    "sleep",
    "vault.destroy",
    "vault.seal",
  ]);
});
