/** A table of text; the columns with these numbers are numbers, which end where their column ends. */
export const toTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[],
): string => {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return numeric.includes(column) ? cell.padStart(width) : cell.padEnd(width);
  };
  return lines.map((line) => `  ${line.map(pad).join("  ")}`.trimEnd()).join("\n");
};
