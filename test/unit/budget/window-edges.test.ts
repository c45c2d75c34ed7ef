/** The rule by which one request is let through, at its edges: on states that are given, and to the bucket. */
import { describe, expect, it } from "vitest";
import { type BudgetName, budgetOf, isBackground, type Priority } from "#shared/budget/budget.ts";
import { type Bucket, bucketOf, decide, firstKept, type Spent } from "#shared/budget/window.ts";
import { afterNoon, noon } from "../../support/builders.ts";
import { aBudget } from "./spending.ts";

const second = 1_000;
/** How many buckets lie between two grants that are in no window together. */
const span = { company: 621, address: 63 } as const;

/** What is decided at noon, where so much was granted so many buckets later, or before. */
const decideBeside = (
  name: "company" | "address",
  priority: Priority,
  granted: Readonly<Record<number, Partial<Bucket>>>,
  now = noon,
) => {
  const budget = budgetOf(name, 1);
  const first = bucketOf(budget, noon);
  const buckets = Object.entries(granted)
    .map(([from, counts]) => ({ background: 0, interactive: 0, ...counts, index: first + Number(from) }))
    .toSorted((a, b) => a.index - b.index);
  const spent: Spent = { version: 100, buckets, heldUntil: 0 };
  return decide(budget, spent, priority, now);
};
const kindOf = (...asked: Parameters<typeof decideBeside>) => decideBeside(...asked).kind;

it("nobody waits for background work and the sweep, and somebody for the others", () => {
  const priorities = ["sweep", "background", "interactive", "exchange"] as const;
  expect(priorities.filter(isBackground)).toEqual(["sweep", "background"]);
});

describe("the moment of a grant", () => {
  it("is now where there is room now, also within a bucket", () => {
    expect(aBudget("company").reserve("interactive", afterNoon(37))).toEqual({ kind: "granted", at: afterNoon(37) });
  });

  it("is four and a half seconds away at most", () => {
    const full = { 0: { interactive: 20 } };
    expect(decideBeside("company", "interactive", full, afterNoon(57_600))).toMatchObject({
      kind: "granted",
      // Of what is to come, nothing may have been counted beside it.
      grant: { at: afterNoon(62_100), tolerates: 0 },
    });
    expect(kindOf("company", "interactive", full, afterNoon(57_599))).toBe("refused");
  });

  it("is never one to come of the address's, however soon", () => {
    expect(kindOf("address", "interactive", { 0: { interactive: 900 } }, afterNoon(314 * second))).toBe("refused");
    expect(kindOf("address", "interactive", { 0: { interactive: 900 } }, afterNoon(315 * second))).toBe("granted");
  });

  it("is a window away where so little is allowed that there never is room", () => {
    const spent: Spent = { version: 0, buckets: [], heldUntil: 0 };
    expect(decide(budgetOf("address", 0.001), spent, "sweep", noon)).toEqual({
      kind: "refused",
      retryAt: afterNoon(span.address * 5 * second),
    });
  });
});

describe("grants that are still to come", () => {
  it.each([
    [1, "refused"],
    [span.company - 1, "refused"],
    [span.company, "granted"],
  ])("count in every window that holds them, %i buckets ahead: one more is %s", (ahead, kind) => {
    expect(kindOf("company", "interactive", { [ahead]: { interactive: 20 } })).toBe(kind);
  });
});

describe("background work beside interactive work", () => {
  it.each([
    [11, "granted"],
    [12, "refused"],
  ])("has what %i requests a minute leave: one is %s", (interactive, kind) => {
    expect(kindOf("company", "background", { [-10]: { interactive } })).toBe(kind);
  });

  it("keeps apart from its own grants, and not from others'", () => {
    expect(kindOf("company", "background", { 0: { interactive: 1 } })).toBe("granted");
    expect(kindOf("company", "background", { 0: { background: 1 } })).toBe("refused");
  });

  it("leaves no more of the address's than its share, whatever was needed before", () => {
    expect(kindOf("address", "background", { [-span.address]: { interactive: 1_000 } })).toBe("granted");
  });
});

it.each<[BudgetName, number]>([
  ["company", 3 * 62_100 + 1_000],
  ["address", 315_000 + 5_000],
])("of %s, a grant matters for all windows that are remembered, and for a host whose clock is behind", (name, ms) => {
  const budget = budgetOf(name, 1);
  expect(firstKept(budget, afterNoon(ms))).toBe(bucketOf(budget, noon));
});
