import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../local/stack/places.ts";
import type { Part } from "./instrument.ts";
import {
  type AreaRecord,
  countFolders,
  findMutants,
  findSurvivors,
  type StrykerReport,
  type Survivor,
} from "./record.ts";

/** Wherever in a file a survivor's text is by now, as first and last lines. */
export const linesOf = (source: string, { original }: Survivor): readonly (readonly [number, number])[] => {
  const words = original.split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const lineAt = (index: number) => source.slice(0, index).split("\n").length;
  return [...source.matchAll(new RegExp(words.join("\\s+"), "g"))].map(
    ({ index, 0: text }) => [lineAt(index), lineAt(index + text.length)] as const,
  );
};

/** The lines of the survivors that are still in their files. */
export const partsOf = (survivors: readonly Survivor[]): Part[] => {
  const byFile = Map.groupBy(survivors, ({ file }) => file);
  return [...byFile].flatMap(([file, own]) => {
    const lines = own.flatMap((survivor) => linesOf(readSource(survivor), survivor));
    return lines.length === 0 ? [] : [{ file, lines }];
  });
};

/** Whether a survivor's text is still in its file. */
export const isThere = (survivor: Survivor): boolean => linesOf(readSource(survivor), survivor).length > 0;

const readSource = ({ file }: Survivor): string => readFileSync(join(root, file), "utf8");

/** Whether two are the same change of the same text: a line says little once a file has changed. */
export const isSame = (one: Survivor, other: Survivor): boolean =>
  one.file === other.file && one.original === other.original && one.replacement === other.replacement;

/**
 * The record after what had survived was tried again: what is noticed by now counts as killed, and what is gone from the
 * source, or only runs while a module loads, counts no more. What the report has no word of stays as it was, and all else was noticed by tests that are still
 * there.
 */
export const afterRetry = (
  before: AreaRecord,
  report: StrykerReport,
  isThereStill: (survivor: Survivor) => boolean,
): Pick<AreaRecord, "rows" | "survivors"> => {
  const tried = findMutants(report, () => true);
  const gone = before.survivors.filter((each) => !isThereStill(each));
  const untried = before.survivors.filter((each) => !gone.includes(each) && !tried.some((one) => isSame(one, each)));
  const survivors = [...findSurvivors(report), ...untried].toSorted((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : 0,
  );
  const counted = countFolders(report);
  const rows = before.rows.map((row) => {
    const isIn = ({ file }: Survivor) => dirname(file) === row.folder;
    const { noCoverage = 0, ignored = 0 } = counted.find(({ folder }) => folder === row.folder) ?? {};
    const mutants = row.mutants - gone.filter(isIn).length - ignored;
    const left = survivors.filter(isIn).length;
    const killed = mutants - row.timeouts - left;
    return { ...row, mutants, killed, survived: left - noCoverage, noCoverage, ignored: row.ignored + ignored };
  });
  return { rows, survivors };
};
