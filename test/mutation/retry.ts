import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../local/stack/places.ts";
import { type AreaRecord, countFolders, findSurvivors, type StrykerReport, type Survivor } from "./record.ts";

/** Where in a file a survivor is by now, as its first and last line; undefined where its text is gone. */
export const linesOf = (source: string, { line, original }: Survivor): readonly [number, number] | undefined => {
  const words = original.split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const lineAt = (index: number) => source.slice(0, index).split("\n").length;
  const [nearest] = [...source.matchAll(new RegExp(words.join("\\s+"), "g"))]
    .map(({ index, 0: text }) => [lineAt(index), lineAt(index + text.length)] as const)
    .toSorted(([a], [b]) => Math.abs(a - line) - Math.abs(b - line));
  return nearest;
};

/** The lines of the survivors that are still in their files, as Stryker takes them. */
export const rangesOf = (survivors: readonly Survivor[]): string[] => {
  const ranges = survivors.flatMap((survivor) => {
    const lines = linesOf(readFileSync(join(root, survivor.file), "utf8"), survivor);
    return lines === undefined ? [] : [`${survivor.file}:${lines[0]}-${lines[1]}`];
  });
  return [...new Set(ranges)];
};

/**
 * The record after what had survived was tried again: what is noticed by now counts as killed, and what is gone from the
 * source counts no more. All else was noticed by tests that are still there.
 */
export const afterRetry = (before: AreaRecord, report: StrykerReport, goneOf: (folder: string) => number) => {
  const again = countFolders(report);
  const rows = before.rows.map((row) => {
    const { survived = 0, noCoverage = 0 } = again.find(({ folder }) => folder === row.folder) ?? {};
    const mutants = row.mutants - goneOf(row.folder);
    return { ...row, mutants, killed: mutants - row.timeouts - survived - noCoverage, survived, noCoverage };
  });
  return { rows, survivors: findSurvivors(report) };
};

/** How many survivors of a folder are gone from the source. */
export const countGone =
  (survivors: readonly Survivor[]) =>
  (folder: string): number =>
    survivors.filter(
      (each) =>
        dirname(each.file) === folder && linesOf(readFileSync(join(root, each.file), "utf8"), each) === undefined,
    ).length;
