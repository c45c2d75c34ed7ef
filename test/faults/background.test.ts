/** What nobody waits for, with every fault at every await: it is done in the end, once, and told of once. */
import { afterAll, expect, it } from "vitest";
import { recordFigure } from "../support/evidence.ts";
import { backgroundScenarios, webhookScenario } from "./background-scenarios.ts";
import { explore } from "./explore.ts";

const claim = "What nobody waits for is done once and told of once, whichever calls go wrong";
let [awaits, runs] = [0, 0];
afterAll(() => {
  process.stdout.write(
    `background: ${awaits} awaits in ${backgroundScenarios.length} scenarios, ${runs} runs with faults\n`,
  );
});

it.each(backgroundScenarios)("keeps every rule: $name", async (scenario) => {
  const explored = await explore(scenario, 2);
  expect(explored.violations).toEqual([]);
  expect(explored.awaits.length).toBeGreaterThan(2);
  awaits += explored.awaits.length;
  runs += explored.runs;
  recordFigure("runs with faults, background", runs, "runs", claim);
});

it("finds a webhook that is marked as seen before its effect: it has none, when the process dies between the two", async () => {
  const { violations } = await explore(
    webhookScenario(({ memory }) => ({
      hasSeen: async (id) => {
        const isSeen = memory.seenWebhooks.has(id);
        memory.seenWebhooks.add(id);
        return isSeen;
      },
    })),
  );
  expect(violations.join("\n")).toMatch(/connections\.replace .* it is "connected, 1" instead of "reauth, 1, /);
});
