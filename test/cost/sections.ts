import type { CostReport } from "./report.ts";
import { countsTable, durationsTable, monthTable, perMillionTable, pricesTable, toMarkdown } from "./tables.ts";

/** The parts of `docs/cost.md` that are written by `npm run cost -- --write`. */
export const sectionsOf = (report: CostReport): Readonly<Record<string, string>> => ({
  "per-million": toMarkdown(perMillionTable(report)),
  counts: toMarkdown(countsTable(report)),
  month: toMarkdown(monthTable(report)),
  durations: toMarkdown(durationsTable()),
  prices: toMarkdown(pricesTable(report)),
});
