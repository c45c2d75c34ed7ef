import type { Hunted } from "./hunt.ts";

/** What came of the hunt, one line for each bug. */
export const tableOf = (hunted: readonly Hunted[]): string => {
  const rows = hunted.map(({ bug, seconds, problem }) => [
    problem === undefined ? "✓" : "✗",
    `${bug.breaks}`,
    bug.name,
    `${bug.test.file.replace(/^test\//, "")}: ${bug.test.name}`,
    `${seconds.toFixed(1)} s`,
  ]);
  const all = [["", "breaks", "bug", "found by", ""], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};
