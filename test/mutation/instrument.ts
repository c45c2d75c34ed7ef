import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../local/stack/places.ts";
import type { Place, StrykerReport } from "./record.ts";

/** A change to the source; lines and columns count from 1. */
export interface Mutant {
  readonly id: string;
  /** From the project's folder. */
  readonly file: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** Source in which each mutant can be switched on, and what they are. */
export interface Instrumented {
  /** The text of each file, by its path from the project's folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly mutants: readonly Mutant[];
}

/** Lines of a file of which mutants are made; all of them where it is undefined. */
export interface Part {
  readonly file: string;
  readonly lines: readonly (readonly [first: number, last: number])[] | undefined;
}

/** Stryker's own interface, as far as it is used; its lines count from 0, as its columns do. */
interface Instrumenter {
  readonly instrument: (
    files: readonly { readonly name: string; readonly content: string; readonly mutate: true | readonly Range[] }[],
    options: object,
  ) => Promise<{
    readonly files: readonly { readonly name: string; readonly content: string }[];
    readonly mutants: readonly (Range & { readonly location: Range } & {
      readonly id: string;
      readonly fileName: string;
      readonly mutatorName: string;
      readonly replacement: string;
    })[];
  }>;
}

interface Range {
  readonly start: Place;
  readonly end: Place;
}

/** Lets Stryker put its mutants into the source. `program` is the module of its instrumenter. */
export const instrument = async (program: string, parts: readonly Part[]): Promise<Instrumented> => {
  const { Instrumenter } = (await import(pathToFileURL(program).href)) as {
    readonly Instrumenter: new (log: object) => Instrumenter;
  };
  const quiet = () => {};
  const log = { info: quiet, debug: quiet, warn: quiet, isDebugEnabled: () => false };
  const files = parts.map(({ file, lines }) => ({
    name: file,
    content: readFileSync(join(root, file), "utf8"),
    mutate:
      lines?.map(([first, last]) => ({ start: { line: first - 1, column: 0 }, end: { line: last, column: 0 } })) ??
      (true as const),
  }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const instrumented = await new Instrumenter(log).instrument(files, options);
  const fromOne = ({ line, column }: Place) => ({ line: line + 1, column: column + 1 });
  return {
    files: Object.fromEntries(instrumented.files.map(({ name, content }) => [name, content])),
    mutants: instrumented.mutants.map(({ id, fileName, mutatorName, replacement, location }) => ({
      ...{ id, file: fileName, mutatorName, replacement },
      location: { start: fromOne(location.start), end: fromOne(location.end) },
    })),
  };
};

/** The report of what became of the mutants. */
export const reportOf = (mutants: readonly Mutant[], statusOf: (id: string) => string): StrykerReport => {
  const files: Record<string, { source: string; mutants: (Mutant & { status: string })[] }> = {};
  for (const mutant of mutants) {
    files[mutant.file] ??= { source: readFileSync(join(root, mutant.file), "utf8"), mutants: [] };
    files[mutant.file]?.mutants.push({ ...mutant, status: statusOf(mutant.id) });
  }
  return { files };
};
