/** What a function knows of the budgets, for how long, and what it counts. */
import { describe, expect, it } from "vitest";
import { noon } from "../../support/builders.ts";
import { createBudgetsSetting as setting } from "./setting.ts";

describe("budgets", () => {
  it("decide anew without what was given back", async () => {
    const { open, memory, advance } = setting();
    const one = open();
    await one.reserve("company", "interactive");
    advance(10_000);
    for (let count = 0; count < 19; count += 1) await one.reserve("company", "interactive");
    advance(48_000);
    // The first leaves the window in time for one more.
    expect(await open().reserve("company", "interactive")).toMatchObject({ kind: "reserved" });
    expect(memory.budgets.get("company")?.buckets.reduce((sum, { interactive }) => sum + interactive, 0)).toBe(21);
  });

  it.each([
    ["company", "background", 1_000, { background: 1, interactive: 0 }],
    ["address", "sweep", 6_000, { background: 1, interactive: 0 }],
    ["address", "exchange", 6_000, { background: 0, interactive: 1 }],
  ] as const)("count a grant of %s to %s, which is good for %i ms", async (name, priority, grantMs, counted) => {
    const { open, memory } = setting();
    const sendBy = new Date(noon.getTime() + grantMs);
    expect(await open().reserve(name, priority)).toMatchObject({ kind: "reserved", at: noon, sendBy });
    expect(memory.budgets.get(name)?.buckets).toMatchObject([counted]);
  });

  it("know for half a minute what they have seen", async () => {
    const { open, asked, advance } = setting();
    const budgets = open();
    for (let count = 0; count < 20; count += 1) await budgets.reserve("company", "interactive");
    asked.length = 0;
    advance(30_000);
    expect(await budgets.reserve("company", "interactive")).toMatchObject({ kind: "refused" });
    expect(asked).toEqual([]);
    advance(1);
    expect(await budgets.reserve("company", "interactive")).toMatchObject({ kind: "refused" });
    expect(asked).toEqual(["count", "giveBack"]);
  });
});
