import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { root } from "../../local/stack/places.ts";
import type { Area } from "./areas.ts";
import type { AreaRecord } from "./record.ts";

/** A short hash of each file's code, by its path from the project's folder. */
export type Fingerprints = Readonly<Record<string, string>>;

/** The files of an area that are mutated, from the project's folder, in order. */
export const filesOf = ({ mutate }: Area): readonly string[] => {
  const without = mutate.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1));
  const within = mutate.filter((glob) => !glob.startsWith("!"));
  return globSync(within, { cwd: root, exclude: without }).sort();
};

/** A hash of what of a source runs: types, comments and line breaks have no mutants. */
export const fingerprintOf = async (source: string): Promise<string> => {
  const { code } = await transform(source, { loader: "ts", minifyWhitespace: true });
  return createHash("sha256").update(code).digest("hex").slice(0, 12);
};

/** The fingerprints of these files as they are now. */
export const fingerprintsOf = async (files: readonly string[]): Promise<Fingerprints> =>
  Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file, await fingerprintOf(readFileSync(join(root, file), "utf8"))] as const),
    ),
  );

/** The files whose code is another, came or went since all mutants of a record were tried. */
export const changedSince = ({ code = {} }: Pick<AreaRecord, "code">, now: Fingerprints): readonly string[] =>
  [...new Set([...Object.keys(code), ...Object.keys(now)])].filter((file) => code[file] !== now[file]).toSorted();

/** The names of the areas whose code is not that of their record any more. */
export const areasOfOlderCode = async (
  areas: readonly Area[],
  records: readonly AreaRecord[],
): Promise<ReadonlySet<string>> => {
  const older = new Set<string>();
  for (const record of records) {
    const area = areas.find(({ name }) => name === record.area);
    const now = area === undefined ? {} : await fingerprintsOf(filesOf(area));
    if (changedSince(record, now).length > 0) older.add(record.area);
  }
  return older;
};
