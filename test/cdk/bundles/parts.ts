import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** What a bundle is made of: the bytes of each npm package and of each source file of Perch's own. */
export type Parts = Readonly<Record<string, number>>;

/** A bundle's parts, with the file that brings each in. */
export interface Bundle {
  readonly parts: Parts;
  /** The source file of Perch's own that imports the package, directly or by others; undefined for the entry. */
  readonly importerOf: (part: string) => string | undefined;
}

type Inputs = Metafile["inputs"];

/** The npm package of a file, or the file itself. */
const partOf = (path: string): string => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path;

/** Reads each function's bundle out of esbuild's account of a build. */
export const readBundles = ({ inputs, outputs }: Metafile): ReadonlyMap<string, Bundle> =>
  new Map(
    Object.entries(outputs).map(([path, { inputs: included, entryPoint = "" }]) => {
      const parts: Record<string, number> = {};
      for (const [file, { bytesInOutput }] of Object.entries(included)) {
        parts[partOf(file)] = (parts[partOf(file)] ?? 0) + bytesInOutput;
      }
      return [path.split("/").at(-2) ?? path, { parts, importerOf: findImporters(inputs, entryPoint) }];
    }),
  );

/** Walks from the entry, nearest first, and notes by which of Perch's own files each part is reached. */
const findImporters = (inputs: Inputs, entry: string): Bundle["importerOf"] => {
  const importers = new Map<string, string>();
  const seen = new Set([entry]);
  const queue: { readonly file: string; readonly own: string }[] = [{ file: entry, own: entry }];
  for (const { file, own } of queue) {
    for (const { path } of inputs[file]?.imports ?? []) {
      if (seen.has(path)) continue;
      seen.add(path);
      const isOwn = partOf(path) === path;
      if (!importers.has(partOf(path))) importers.set(partOf(path), own);
      queue.push({ file: path, own: isOwn ? path : own });
    }
  }
  return (part) => importers.get(part);
};

const recordFile = join(import.meta.dirname, "parts.jsonl");
const smallestRecorded = 500;

/** The parts of each bundle as they were when they were last recorded; small ones are left out. */
export const readRecord = (): ReadonlyMap<string, Parts> =>
  new Map(
    readFileSync(recordFile, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly function: string; readonly parts: Parts })
      .map(({ function: name, parts }) => [name, parts]),
  );

/** Records the parts of the bundles as they are: one function a line. */
export const writeRecord = (bundles: ReadonlyMap<string, Bundle>): void => {
  const lines = [...bundles].map(([name, { parts }]) => {
    const large = Object.entries(parts).filter(([, bytes]) => bytes >= smallestRecorded);
    return JSON.stringify({ function: name, parts: Object.fromEntries(large.toSorted(([, a], [, b]) => b - a)) });
  });
  writeFileSync(recordFile, `${lines.join("\n")}\n`);
};

const most = 12;
const smallestGrowth = 100;

/** Which parts of a bundle have grown since they were recorded, and what imports them: the largest growth first. */
export const describeGrowth = ({ parts, importerOf }: Bundle, recorded: Parts = {}): readonly string[] =>
  Object.entries(parts)
    .map(([part, bytes]) => ({ part, grown: bytes - (recorded[part] ?? 0), isNew: recorded[part] === undefined }))
    .filter(({ grown, isNew }) => grown > (isNew ? smallestRecorded : smallestGrowth))
    .toSorted((a, b) => b.grown - a.grown)
    .slice(0, most)
    .map(({ part, grown, isNew }) => {
      const importer = importerOf(part);
      return `+${grown} bytes: ${part}${isNew ? ", new" : ""}${importer === undefined ? "" : `, imported by ${importer}`}`;
    });
