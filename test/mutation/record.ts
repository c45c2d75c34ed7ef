import { dirname } from "node:path";

/** What Stryker writes, as far as it is read (mutation-testing-report-schema 2). */
export interface StrykerReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly StrykerMutant[] }>>;
}

interface StrykerMutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** A place in a file; lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** How many of a folder's mutants were found. */
export interface FolderRow {
  readonly folder: string;
  readonly mutants: number;
  readonly killed: number;
  /** Mutants that do not come to an end, which is noticed, too. */
  readonly timeouts: number;
  readonly survived: number;
  readonly noCoverage: number;
  /** Mutants of what runs while the module loads; not tried, and in no other figure. */
  readonly ignored: number;
}

/** A mutant that no test noticed. */
export interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
}

/** What one run of an area found. */
export interface AreaRecord {
  readonly area: string;
  readonly date: string;
  readonly seconds: number;
  readonly machine: string;
  readonly rows: readonly FolderRow[];
  readonly survivors: readonly Survivor[];
  /** A fingerprint of each file as it was when all of its mutants were tried; none where nobody noted it. */
  readonly code?: Readonly<Record<string, string>>;
}

/** The share of mutants that were found, in percent. */
export const scoreOf = (rows: readonly FolderRow[]): number => {
  const all = rows.reduce((sum, { mutants }) => sum + mutants, 0);
  const found = rows.reduce((sum, { killed, timeouts }) => sum + killed + timeouts, 0);
  return all === 0 ? 100 : (100 * found) / all;
};

/** Counts a report by folder. */
export const countFolders = ({ files }: StrykerReport): FolderRow[] => {
  const statuses = new Map<string, string[]>();
  for (const [file, { mutants }] of Object.entries(files)) {
    const folder = dirname(file);
    statuses.set(folder, [...(statuses.get(folder) ?? []), ...mutants.map(({ status }) => status)]);
  }
  return [...statuses].sort().map(([folder, all]) => {
    const count = (status: string) => all.filter((each) => each === status).length;
    const [killed, timeouts] = [count("Killed") + count("RuntimeError"), count("Timeout")];
    const [survived, noCoverage] = [count("Survived"), count("NoCoverage")];
    const mutants = killed + timeouts + survived + noCoverage;
    return { folder, mutants, killed, timeouts, survived, noCoverage, ignored: count("Ignored") };
  });
};

/** The mutants of a report that no test noticed, those included that no test runs. */
export const findSurvivors = (report: StrykerReport): Survivor[] =>
  findMutants(report, (status) => status === "Survived" || status === "NoCoverage");

/** The mutants of a report of these statuses. */
export const findMutants = ({ files }: StrykerReport, isMeant: (status: string) => boolean): Survivor[] =>
  Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => isMeant(status))
      .map(({ location, replacement = "" }) => ({
        file,
        line: location.start.line,
        original: oneLine(textAt(source, location.start, location.end)),
        replacement: oneLine(replacement),
      })),
  );

const textAt = (source: string, start: Place, end: Place): string => {
  const lines = source.split("\n");
  const offset = ({ line, column }: Place) =>
    lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  return source.slice(offset(start), offset(end));
};

const oneLine = (text: string): string => text.replace(/\s+/g, " ");
