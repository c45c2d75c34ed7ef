import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { BudgetName } from "#shared/budget/budget.ts";
import type { Counting } from "#shared/budget/budget-store.ts";
import { nothingSpent, type Spent } from "#shared/budget/window.ts";
import type { OpenedStores } from "./opened-stores.ts";

const aCounting = (counting: Partial<Counting> = {}): Counting => ({
  ...{ kind: "interactive", bucket: 100, spent: nothingSpent, tolerates: 0, firstKept: 0 },
  ...counting,
});

/** What a store of budgets promises. */
export const describeBudgets = (stores: () => OpenedStores): void => {
  /** A budget that nobody has used: names are free as far as a store is concerned. */
  const aBudget = () => {
    const name = `test-${randomUUID()}` as BudgetName;
    const count = (counting: Partial<Counting> = {}) => stores().budgets.count(name, aCounting(counting));
    /** Nothing is counted on a state that is far ahead. */
    const find = async () => (await count({ spent: { ...nothingSpent, version: 1_000_000 } })).spent;
    return { name, count, find };
  };

  /** A budget with one grant in each of these buckets. */
  const spend = async (...buckets: readonly number[]) => {
    const budget = aBudget();
    let spent: Spent = nothingSpent;
    for (const bucket of buckets) ({ spent } = await budget.count({ bucket, spent }));
    return { ...budget, spent };
  };

  describe("a budget", () => {
    it("begins with nothing spent, and counts each grant in its bucket and kind", async () => {
      const { count, find } = aBudget();
      expect(await find()).toEqual(nothingSpent);
      const first = await count({ bucket: 7 });
      expect(first).toEqual({
        counted: true,
        spent: { ...nothingSpent, version: 1, buckets: [{ index: 7, background: 0, interactive: 1 }] },
      });
      const second = await count({ bucket: 5, kind: "background", spent: first.spent });
      const third = await count({ bucket: 7, spent: second.spent });
      const buckets = [
        { index: 5, background: 1, interactive: 0 },
        { index: 7, background: 0, interactive: 2 },
      ];
      expect(third).toEqual({ counted: true, spent: { ...nothingSpent, version: 3, buckets } });
      expect(await find()).toEqual(third.spent);
    });

    it("counts nothing on a state that is behind, and tells how it is", async () => {
      const { count, find, spent } = await spend(1, 2);
      const old: Spent = { ...nothingSpent, version: 1 };
      for (const behind of [nothingSpent, old]) {
        expect(await count({ spent: behind })).toEqual({ counted: false, spent });
      }
      expect(await find()).toEqual(spent);
    });

    it("is behind by as much as a grant tolerates, and no more", async () => {
      const { count, spent } = await spend(1, 2, 3);
      const behind = { ...nothingSpent, version: 1 };
      expect(await count({ spent: behind, tolerates: 1 })).toEqual({ counted: false, spent });
      expect(await count({ spent: behind, tolerates: 2 })).toMatchObject({ counted: true, spent: { version: 4 } });
    });

    it("counts on no state that it has not come to yet", async () => {
      const { count, spent } = await spend(1);
      const ahead = { ...nothingSpent, version: 2 };
      expect(await count({ spent: ahead, tolerates: 9 })).toEqual({ counted: false, spent });
      const unused = aBudget();
      expect(await unused.count({ spent: ahead, tolerates: 9 })).toEqual({ counted: false, spent: nothingSpent });
    });

    it("forgets the buckets before the first that matters", async () => {
      const { count, spent } = await spend(1, 2, 3);
      const { spent: after } = await count({ bucket: 4, spent, firstKept: 3 });
      expect(after.buckets.map(({ index }) => index)).toEqual([3, 4]);
    });

    it("takes a grant back, once, and goes on counting up", async () => {
      const { name, count, find, spent } = await spend(1);
      const { budgets } = stores();
      await budgets.giveBack(name, { kind: "interactive", bucket: 1 });
      const empty = { index: 1, background: 0, interactive: 0 };
      expect(await find()).toEqual({ ...nothingSpent, version: 1, buckets: [empty] });
      for (const bucket of [1, 2]) await budgets.giveBack(name, { kind: "interactive", bucket });
      await budgets.giveBack(name, { kind: "background", bucket: 1 });
      expect(await find()).toEqual({ ...nothingSpent, version: 1, buckets: [empty] });
      expect(await count({ spent, bucket: 1 })).toMatchObject({ counted: true, spent: { version: 2 } });
    });

    it("takes nothing back of a budget that nobody has used", async () => {
      const { name, find } = aBudget();
      await stores().budgets.giveBack(name, { kind: "interactive", bucket: 1 });
      expect(await find()).toEqual(nothingSpent);
    });

    it("counts on no state whatever there is, and nothing where there is nothing", async () => {
      const { count, spent } = await spend(1, 2);
      const { counted, spent: after } = await count({ bucket: 2, spent: undefined });
      expect([counted, after.version]).toEqual([true, 3]);
      expect(after.buckets).toEqual([spent.buckets[0], { index: 2, background: 0, interactive: 2 }]);
      const unused = aBudget();
      expect(await unused.count({ spent: undefined })).toEqual({ counted: false, spent: nothingSpent });
    });

    it("is held until a moment, or a later one that was said before, and goes on counting", async () => {
      const { name, count, find, spent } = await spend(1);
      const { budgets } = stores();
      for (const milliseconds of [2_000, 1_000]) await budgets.hold(name, new Date(milliseconds));
      expect(await find()).toEqual({ ...spent, heldUntil: 2_000 });
      await budgets.hold(name, new Date(3_000));
      expect(await count({ spent })).toMatchObject({ counted: true, spent: { version: 2, heldUntil: 3_000 } });
    });

    it("is not held before anything was counted", async () => {
      const { name, find } = aBudget();
      await stores().budgets.hold(name, new Date(1_000));
      expect(await find()).toEqual(nothingSpent);
    });

    it("lets one of many through who decide on the same state", async () => {
      const { count, find, spent } = await spend(1);
      const answers = await Promise.all(Array.from({ length: 10 }, () => count({ spent })));
      expect(answers.filter(({ counted }) => counted)).toHaveLength(1);
      expect((await find()).version).toBe(2);
    });

    it("lets as many of them through as each tolerates, and one", async () => {
      const { count, find, spent } = await spend(1);
      const answers = await Promise.all(Array.from({ length: 10 }, () => count({ spent, tolerates: 4 })));
      expect(answers.filter(({ counted }) => counted)).toHaveLength(5);
      expect((await find()).version).toBe(6);
    });
  });
};
