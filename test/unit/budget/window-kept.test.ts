/** The rule by which one request is let through, against Finch's own way of counting. It takes seconds for its number of runs. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BudgetName, budgetOf, type Priority } from "#shared/budget/budget.ts";
import { createLimits } from "../../../local/finch/limits.ts";
import { noon } from "../../support/builders.ts";
import { aBudget } from "./spending.ts";

const second = 1_000;
/** How long after its grant a request may arrive. */
const latestMs = budgetOf("company", 1).grantMs + 500;

describe("a budget's window", () => {
  it("never lets more through than Finch takes, whatever comes when, from hosts whose clocks differ", () => {
    const step = fc.record({
      passes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 30 * second })),
      clockMs: fc.integer({ min: 0, max: 500 }),
      lateMs: fc.oneof(fc.constant(0), fc.constant(latestMs), fc.integer({ min: 0, max: latestMs })),
      priority: fc.constantFrom<Priority>("interactive", "interactive", "background", "exchange"),
    });
    const names = fc.constantFrom<BudgetName>("company", "payment");
    fc.assert(
      fc.property(names, fc.array(step, { minLength: 60, maxLength: 300, size: "max" }), (name, steps) => {
        const { reserve } = aBudget(name);
        const arrivals: number[] = [];
        let nowMs = noon.getTime();
        for (const { passes, clockMs, lateMs, priority } of steps) {
          nowMs += passes;
          const decided = reserve(priority, new Date(nowMs - clockMs));
          if (decided.kind === "granted") arrivals.push(Math.max(nowMs, decided.at.getTime() + clockMs) + lateMs);
        }
        let atMs = 0;
        const finch = createLimits(() => atMs);
        for (const arrival of arrivals.toSorted((a, b) => a - b)) {
          atMs = arrival;
          finch.take({ path: `/employer/${name}`, address: "192.0.2.1", clientId: "the application" });
        }
        expect(finch.counters().beyond).toEqual({});
      }),
      { numRuns: 150 },
    );
  });
});
