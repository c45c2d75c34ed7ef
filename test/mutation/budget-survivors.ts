import type { Explanation } from "./explanation.ts";

/** Why mutants of the budgets survive. */
export const budgetExplanations: readonly Explanation[] = [
  {
    reason: "A path of another form has no product's name, and neither text is one",
    file: "budget/budget.ts",
    mutants: ['"" → "Stryker was here!"', '[] → ["Stryker was here"]'],
  },
  {
    reason: "At the very millisecond of a deadline either will do: it is tried once more, or not",
    file: "budget/budgets.ts",
    mutants: ["now().getTime() >= deadline → now().getTime() > deadline"],
  },
  {
    reason: "A pause of no time at all",
    file: "budget/leave.ts",
    mutants: ["opens > now().getTime() → opens >= now().getTime()"],
  },
  {
    reason: "The first bucket is among the candidates already",
    file: "budget/window.ts",
    mutants: ["index > first → index >= first"],
  },
  {
    reason: "The window that ends with the bucket itself is looked at already",
    file: "budget/window.ts",
    mutants: ["end > bucket → end >= bucket"],
  },
  {
    reason:
      "Without interactive work two limits are equal, and each stands for the other; with it, the share is smaller",
    file: "budget/window.ts",
    mutants: [
      "limit - reserve(limit) → limit + reserve(limit)",
      "budget.limit - reserve(budget.limit) → budget.limit +",
    ],
  },
  {
    reason:
      "A window that ends where nothing interactive is has no more of it than one that ends before: this spares sums",
    file: "budget/window.ts",
    mutants: [
      "buckets.filter(({ interactive }) => interactive > 0) → buckets",
      "interactive > 0 → true",
      "interactive > 0 → interactive >= 0",
    ],
  },
];
