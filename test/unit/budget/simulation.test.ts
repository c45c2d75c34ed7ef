/** Half an hour of a deployment on Finch's limits, in simulated time. */
import { describe, expect, it } from "vitest";
import { noon } from "../../support/builders.ts";
import { call, createSimulation, readEmployees, sweep } from "./simulation.ts";

const minutes = 30;
const end = noon.getTime() + minutes * 60_000;
const path = "/employer/employment";

describe("half an hour on Finch's limits", () => {
  it.each([1, 2, 3])(
    "with a sweep, reads of employees and 50 callers, of whom some die, exceeds none (seed %i)",
    async (seed) => {
      const simulation = createSimulation(seed);
      sweep(simulation);
      readEmployees(simulation, path);
      readEmployees(simulation, "/employer/individual");
      // More than may be asked.
      const outcomes = call(simulation, path, 60);
      await simulation.runUntil(end);
      expect(simulation.finch.counters()).toMatchObject({ beyond: {}, blocks: 0 });
      const refused = outcomes.filter(({ isSent }) => !isSent);
      expect(refused.length).toBeGreaterThan(0);
      expect(Math.max(...refused.map(({ waitedMs }) => waitedMs))).toBeLessThan(1_000);
    },
  );

  it("with background work alone uses nine tenths and more of a product's", async () => {
    const simulation = createSimulation(4);
    readEmployees(simulation, path);
    await simulation.runUntil(end);
    const { beyond, requests } = simulation.finch.counters();
    expect(beyond).toEqual({});
    // One in twenty of those that have leave dies before it sends.
    expect((requests.employment ?? 0) / 0.95).toBeGreaterThanOrEqual(0.9 * 20 * minutes);
  });

  it.each([5, 6, 7])(
    "serves up to 15 callers a minute within 5 seconds, beside background work (seed %i)",
    async (seed) => {
      const simulation = createSimulation(seed);
      readEmployees(simulation, path);
      const outcomes = call(simulation, path, 15);
      await simulation.runUntil(end);
      const slow = outcomes.filter(({ isSent, waitedMs }) => !isSent || waitedMs >= 5_000);
      expect(simulation.finch.counters().beyond).toEqual({});
      expect(slow.length / outcomes.length).toBeLessThanOrEqual(0.01);
    },
  );
});
