import type { BudgetStore, Kind } from "#shared/budget/budget-store.ts";
import { type Bucket, nothingSpent, type Spent } from "#shared/budget/window.ts";
import { copy, type MemoryState } from "./state.ts";

/** What has been granted of each budget, in memory. */
export const createMemoryBudgetStore = (state: Pick<MemoryState, "budgets">): BudgetStore => ({
  async count(name, { kind, bucket, spent, tolerates, firstKept }) {
    const now = state.budgets.get(name) ?? nothingSpent;
    if (!isAsSeen(now, spent, tolerates)) return { counted: false, spent: copy(now) };
    const known = new Set(spent?.buckets.map(({ index }) => index));
    const kept = now.buckets.filter(({ index }) => index >= firstKept || !known.has(index));
    const next = { ...now, version: now.version + 1, buckets: change(kept, kind, bucket, 1) };
    state.budgets.set(name, copy(next));
    return { counted: true, spent: next };
  },

  async giveBack(name, { kind, bucket }) {
    const now: Spent = state.budgets.get(name) ?? nothingSpent;
    if (!now.buckets.some((each) => each.index === bucket && each[kind] > 0)) return;
    state.budgets.set(name, { ...now, buckets: change(now.buckets, kind, bucket, -1) });
  },

  async hold(name, until) {
    const now = state.budgets.get(name);
    if (now !== undefined) state.budgets.set(name, { ...now, heldUntil: Math.max(now.heldUntil, until.getTime()) });
  },
});

const isAsSeen = ({ version }: Spent, spent: Spent | undefined, tolerates: number): boolean => {
  if (spent === undefined) return version > 0;
  if (spent.version === 0) return version === 0;
  return version >= spent.version && version <= spent.version + tolerates;
};

const change = (buckets: readonly Bucket[], kind: Kind, index: number, by: 1 | -1): Bucket[] => {
  const bucket = buckets.find((each) => each.index === index) ?? { index, background: 0, interactive: 0 };
  const others = buckets.filter((each) => each.index !== index);
  return [...others, { ...bucket, [kind]: bucket[kind] + by }].toSorted((a, b) => a.index - b.index);
};
