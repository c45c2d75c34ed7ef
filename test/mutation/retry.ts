import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../local/stack/places.ts";
import {
  type AreaRecord,
  countFolders,
  findMutants,
  findSurvivors,
  type StrykerReport,
  type Survivor,
} from "./record.ts";

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
 * source counts no more. What the report has no word of stays as it was, and all else was noticed by tests that are still
 * there.
 */
export const afterRetry = (
  before: AreaRecord,
  report: StrykerReport,
  lineOf: (survivor: Survivor) => number | undefined,
): Pick<AreaRecord, "rows" | "survivors"> => {
  const keyOf = ({ file, original, replacement }: Survivor, line: number | undefined) =>
    JSON.stringify([file, line, original, replacement]);
  const still = findSurvivors(report);
  const tried = new Set(findMutants(report, () => true).map((each) => keyOf(each, each.line)));
  const gone = before.survivors.filter((each) => lineOf(each) === undefined);
  const untried = before.survivors.filter((each) => !gone.includes(each) && !tried.has(keyOf(each, lineOf(each))));
  const survivors = [...still, ...untried].toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  const counted = countFolders(report);
  const rows = before.rows.map((row) => {
    const isIn = ({ file }: Survivor) => dirname(file) === row.folder;
    const mutants = row.mutants - gone.filter(isIn).length;
    const left = survivors.filter(isIn).length;
    const noCoverage = counted.find(({ folder }) => folder === row.folder)?.noCoverage ?? 0;
    return { ...row, mutants, killed: mutants - row.timeouts - left, survived: left - noCoverage, noCoverage };
  });
  return { rows, survivors };
};

/** Where a survivor's text begins in its file by now. */
export const lineNow = (survivor: Survivor): number | undefined =>
  linesOf(readFileSync(join(root, survivor.file), "utf8"), survivor)?.[0];
