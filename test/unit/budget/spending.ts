/** A budget as one after the other uses it, without a store between. */
import { type BudgetName, budgetOf, isBackground, type Priority } from "#shared/budget/budget.ts";
import type { Kind } from "#shared/budget/budget-store.ts";
import { decide, firstKept, nothingSpent, type Spent } from "#shared/budget/window.ts";

/** The state with one more grant. */
export const spend = ({ version, buckets, heldUntil }: Spent, index: number, kind: Kind): Spent => {
  const bucket = buckets.find((each) => each.index === index) ?? { index, background: 0, interactive: 0 };
  const others = buckets.filter((each) => each.index !== index);
  const next = [...others, { ...bucket, [kind]: bucket[kind] + 1 }];
  return { version: version + 1, buckets: next.toSorted((a, b) => a.index - b.index), heldUntil };
};

/** A budget that nobody has used. */
export const aBudget = (name: BudgetName) => {
  const budget = budgetOf(name, 1);
  let spent = nothingSpent;
  const reserve = (priority: Priority, now: Date) => {
    const decision = decide(budget, spent, priority, now);
    if (decision.kind === "refused") return decision;
    const kept = spent.buckets.filter(({ index }) => index >= firstKept(budget, now));
    const { at, bucket } = decision.grant;
    spent = spend({ ...spent, buckets: kept }, bucket, isBackground(priority) ? "background" : "interactive");
    return { kind: "granted", at } as const;
  };
  return { reserve };
};
