/** The exchange, with every fault at every await: whatever happens, no rule is broken, and no token is lost silently. */
import { afterAll, expect, it } from "vitest";
import { recordFigure } from "../support/evidence.ts";
import { exchangeScenarios } from "./exchange-scenarios.ts";
import { explore } from "./explore.ts";
import { faultsOf } from "./faulty-ports.ts";

const claim = "The exchange breaks no rule and loses no token silently, whichever call goes wrong";
let [awaits, runs] = [0, 0];
const reached = new Set<string>();
afterAll(() => {
  process.stdout.write(
    `exchange: ${awaits} awaits in ${exchangeScenarios.length} scenarios, ${runs} runs with faults\n`,
  );
});

it.each(exchangeScenarios)("keeps every rule: $name", async (scenario) => {
  const explored = await explore(scenario);
  expect(explored.violations).toEqual([]);
  expect(explored.awaits.length).toBeGreaterThan(1);
  expect(explored.runs).toBe(3 * explored.awaits.flatMap(faultsOf).length);
  awaits += explored.awaits.length;
  runs += explored.runs;
  recordFigure("runs with faults, exchange", runs, "runs", claim);
  for (const name of explored.reached) reached.add(name);
});

it.each(exchangeScenarios.slice(0, 3))("keeps every rule when two things go wrong: $name", async (scenario) => {
  const explored = await explore(scenario, 2);
  expect(explored.violations).toEqual([]);
  runs += explored.runs;
  recordFigure("runs with faults, exchange", runs, "runs", claim);
});

it("awaits each of its ports somewhere in these scenarios", () => {
  expect([...reached].toSorted()).toEqual([
    "connections.claim",
    "connections.find",
    "finch.exchangeCode",
    "sessions.beginExchange",
    "sessions.end",
    "sessions.find",
    "sleep",
    "vault.destroy",
    "vault.seal",
  ]);
});
