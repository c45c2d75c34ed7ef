import { describe, expect, it } from "vitest";
import { nothingSpent } from "#shared/budget/window.ts";
import { noon } from "../../support/builders.ts";
import { createBudgetsSetting as setting } from "./setting.ts";

describe("budgets", () => {
  it("give leave in one round trip, and go on in one after others have used theirs", async () => {
    const { open, asked } = setting();
    const [one, other] = [open(), open()];
    expect(await one.reserve("address", "interactive")).toMatchObject({ kind: "reserved", at: noon });
    for (let count = 0; count < 5; count += 1) await one.reserve("address", "interactive");
    // The very first finds that there is nothing yet.
    expect(asked).toHaveLength(7);
    asked.length = 0;
    await one.reserve("address", "interactive");
    expect(await other.reserve("address", "interactive")).toMatchObject({ kind: "reserved" });
    expect(asked).toEqual(["count", "count"]);
  });

  it("give back what was counted on no state and is too many, and wait for what may come", async () => {
    const { open, asked, memory, advance, now } = setting();
    const one = open();
    for (let count = 0; count < 20; count += 1) await one.reserve("company", "interactive");
    advance(58_000);
    asked.length = 0;
    const reserved = await open().reserve("company", "interactive");
    expect(asked).toEqual(["count", "giveBack", "count"]);
    if (reserved.kind !== "reserved") return expect.fail("it comes within five seconds");
    expect(reserved.at.getTime()).toBeGreaterThan(now().getTime() + 4_000);
    expect(memory.budgets.get("company")?.buckets.reduce((sum, { interactive }) => sum + interactive, 0)).toBe(21);
  });

  it("do not decide on what was seen long ago", async () => {
    const { open, asked, advance } = setting();
    const [one, other] = [open(), open()];
    await other.reserve("company", "interactive");
    for (let count = 0; count < 20; count += 1) await one.reserve("company", "interactive");
    advance(120_000);
    for (let count = 0; count < 20; count += 1) await one.reserve("company", "interactive");
    asked.length = 0;
    expect(await other.reserve("company", "interactive")).toMatchObject({ kind: "refused" });
    expect(asked).toEqual(["count", "giveBack"]);
  });

  it("refuse without a round trip what is known to be used up", async () => {
    const { open, asked, advance } = setting();
    const budgets = open();
    for (let count = 0; count < 20; count += 1) await budgets.reserve("company", "interactive");
    asked.length = 0;
    expect(await budgets.reserve("company", "interactive")).toMatchObject({ kind: "refused" });
    expect(asked).toEqual([]);
    advance(63_000);
    expect(await budgets.reserve("company", "interactive")).toMatchObject({ kind: "reserved" });
  });

  it("learn from the store what others have used up", async () => {
    const { open } = setting();
    const [one, other] = [open(), open()];
    for (let count = 0; count < 20; count += 1) await one.reserve("company", "interactive");
    expect(await other.reserve("company", "interactive")).toMatchObject({ kind: "refused" });
  });

  it("let nobody through on what was there before others used it up", async () => {
    const { open } = setting();
    const [one, other] = [open(), open()];
    await other.reserve("company", "interactive");
    for (let count = 0; count < 19; count += 1) await one.reserve("company", "interactive");
    // It remembers one of twenty.
    expect(await other.reserve("company", "interactive")).toMatchObject({ kind: "refused" });
  });

  it("let no more through together than one alone", async () => {
    const { open } = setting();
    const many = Array.from({ length: 50 }, () => open().reserve("company", "interactive"));
    const granted = (await Promise.all(many)).filter(({ kind }) => kind === "reserved");
    expect(granted.length).toBeGreaterThan(0);
    expect(granted.length).toBeLessThanOrEqual(20);
  });

  it("say no when the table says nothing", async () => {
    const failure = new Error("no table");
    const fail = () => Promise.reject(failure);
    const { open, failures } = setting({ count: fail });
    const budgets = open();
    const retryAt = new Date(noon.getTime() + 5_000);
    expect(await budgets.reserve("address", "exchange")).toEqual({ kind: "refused", retryAt });
    expect(failures).toEqual([failure]);
  });

  it("say no within a second to somebody who waits, when others are always faster", async () => {
    const { open, now } = setting({
      count: async (_, { spent = nothingSpent }) => ({
        counted: false,
        spent: { ...spent, version: spent.version + 1 },
      }),
    });
    const refused = await open().reserve("address", "interactive");
    expect(refused).toEqual({ kind: "refused", retryAt: new Date(now().getTime() + 1_000) });
    expect(now().getTime() - noon.getTime()).toBeLessThan(1_000);
  });

  it("go on after the table was restored to a former state", async () => {
    const { open, memory, advance } = setting();
    const budgets = open();
    await budgets.reserve("company", "interactive");
    const former = memory.budgets.get("company");
    for (let count = 0; count < 3; count += 1) await budgets.reserve("company", "interactive");
    for (const state of [former, undefined]) {
      if (state === undefined) memory.budgets.delete("company");
      else memory.budgets.set("company", state);
      advance(10_000);
      expect(await budgets.reserve("company", "background")).toMatchObject({ kind: "reserved" });
    }
  });

  it("take leave back that nothing was sent on, and let another have it", async () => {
    const { open, memory } = setting();
    const budgets = open();
    const reserved = await budgets.reserve("company", "interactive");
    if (reserved.kind !== "reserved") return expect.fail("nothing was used");
    await reserved.giveBack();
    expect(memory.budgets.get("company")?.buckets).toMatchObject([{ interactive: 0 }]);
    for (let count = 0; count < 20; count += 1) {
      expect(await open().reserve("company", "interactive")).toMatchObject({ kind: "reserved" });
    }
  });

  it("do not mind leave that cannot be given back", async () => {
    const failure = new Error("no table");
    const { open, failures } = setting({ giveBack: () => Promise.reject(failure) });
    const reserved = await open().reserve("company", "interactive");
    if (reserved.kind !== "reserved") return expect.fail("nothing was used");
    await reserved.giveBack();
    expect(failures).toEqual([failure]);
  });

  it("are held for all functions, those that have not heard of it too, which give back what they got", async () => {
    const { open, memory, now, advance } = setting();
    const [one, other] = [open(), open()];
    for (const budgets of [one, other]) await budgets.reserve("company", "interactive");
    await one.hold("company", 60_000);
    const retryAt = new Date(now().getTime() + 60_000);
    expect(await other.reserve("company", "interactive")).toEqual({ kind: "refused", retryAt });
    expect(await other.reserve("company", "exchange")).toMatchObject({ kind: "reserved" });
    expect(memory.budgets.get("company")?.buckets).toMatchObject([{ interactive: 3 }]);
    advance(60_000);
    expect(await other.reserve("company", "interactive")).toMatchObject({ kind: "reserved" });
  });

  it("are not held where more than Finch's limits may be used, as on a stack of tests", async () => {
    const { open } = setting({}, 99);
    await open().reserve("company", "interactive");
    await open().hold("company", 60_000);
    expect(await open().reserve("company", "interactive")).toMatchObject({ kind: "reserved" });
  });

  it.each(["company", "address"] as const)("of %s take their time there, since no limit hangs on it", async (name) => {
    let mayCount = false;
    const { open, now, advance, store } = setting(
      {
        count: (...about) => {
          if (mayCount) return store.count(...about);
          advance(3_000);
          mayCount = now().getTime() - noon.getTime() > 8_000;
          return Promise.resolve({ counted: false, spent: nothingSpent });
        },
      },
      99,
    );
    const reserved = await open().reserve(name, "interactive");
    expect(reserved).toMatchObject({ kind: "reserved", sendBy: new Date(now().getTime() + 60_000) });
  });

  it("give up after ten seconds there, too", async () => {
    const { open, now, advance } = setting(
      {
        count: async () => {
          advance(3_000);
          return { counted: false, spent: nothingSpent };
        },
      },
      99,
    );
    expect(await open().reserve("company", "interactive")).toMatchObject({ kind: "refused" });
    expect(now().getTime() - noon.getTime()).toBeLessThan(13_000);
  });
});
