import type { BudgetStore } from "#shared/budget/budget-store.ts";
import { createBudgets } from "#shared/budget/budgets.ts";
import { createMemoryStores } from "../../support/memory/stores.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";

/** Some functions of one deployment, each of which remembers what it has seen, and a count of what they ask of the store. */
export const createBudgetsSetting = (changes: Partial<BudgetStore> = {}, share = 1) => {
  const { budgets: store, memory } = createMemoryStores();
  const surroundings = createMemorySurroundings();
  const failures: unknown[] = [];
  const asked: string[] = [];
  const noted = (kept: BudgetStore): BudgetStore => ({
    count: (...about) => {
      asked.push("count");
      return kept.count(...about);
    },
    hold: (...about) => {
      asked.push("hold");
      return kept.hold(...about);
    },
    giveBack: (...about) => {
      asked.push("giveBack");
      return kept.giveBack(...about);
    },
  });
  const open = () =>
    createBudgets({
      ...surroundings,
      store: noted({ ...store, ...changes }),
      share,
      noteFailure: (error) => failures.push(error),
    });
  return { ...surroundings, open, store, memory, asked, failures };
};
