import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { readCommit } from "../bench/commit.ts";
import { describeMachine, type Machine } from "../bench/machine.ts";
import { byClaim, nightlyFigures, readFigures, type WrittenFigure } from "../evidence/figure.ts";
import { root, sharedFolder } from "../stack/places.ts";

/** Where is written down what nightly runs came to. */
const nightlyRecord = join(sharedFolder, "evidence/nightly.json");

/** What a test file came to when it ran last. */
export interface NightlyFile {
  readonly file: string;
  readonly passed: number;
  /** Failed tests; one where the file could not be run. */
  readonly failed: number;
  readonly seconds: number;
  /** When its run began. */
  readonly date: string;
  readonly commit: string | null;
  /** Null where it was not kept. */
  readonly seed: number | null;
  /** Of the minute before its run began. */
  readonly load: number;
}

/** What nightly runs came to: each file's last one that was not interrupted, whether all ran at once or one by one. */
export interface NightlyRecord {
  /** Of the last run. */
  readonly machine: Machine;
  readonly files: readonly NightlyFile[];
  /** What those runs counted. */
  readonly figures: readonly WrittenFigure[];
}

/** A run that is to be written down. */
export interface NightlyRun {
  readonly seed: number;
  /** Vitest's, by its JSON reporter. */
  readonly reports: readonly string[];
  /** Whether all ran: then nothing that is older counts any more. */
  readonly isWhole: boolean;
}

/** Forgets the figures of the run before, and Vitest's reports of it; returns what writes down this one. */
export const beginNightlyRecord = ({ seed, reports, isWhole }: NightlyRun): (() => void) => {
  const machine = describeMachine();
  const [load = 0] = machine.load_average;
  const about = { date: new Date().toISOString(), commit: readCommit(), seed, load };
  for (const former of [nightlyFigures, ...reports]) rmSync(former, { recursive: true, force: true });
  return () => {
    const files = reports
      .filter((report) => existsSync(report))
      .flatMap((report) => countFiles(readFileSync(report, "utf8")))
      .map((counted) => ({ ...counted, ...about }));
    const former = isWhole ? undefined : readNightlyRecord();
    const record = mergeRecords(former, { machine, files, figures: readFigures(nightlyFigures) });
    mkdirSync(dirname(nightlyRecord), { recursive: true });
    writeFileSync(nightlyRecord, `${JSON.stringify(record, null, 2)}\n`);
  };
};

/** What is written down; undefined where nothing ran yet. */
export const readNightlyRecord = (): NightlyRecord | undefined =>
  existsSync(nightlyRecord) ? JSON.parse(readFileSync(nightlyRecord, "utf8")) : undefined;

/** The later run's, and of the files that did not run then the former's. What a file counted goes with it. */
export const mergeRecords = (former: NightlyRecord | undefined, later: NightlyRecord): NightlyRecord => {
  const ran = (file: string) => later.files.some((each) => each.file === file);
  const ranAgain = ({ command }: WrittenFigure) => later.files.some(({ file }) => command.endsWith(` ${file}`));
  const files = [...(former?.files.filter(({ file }) => !ran(file)) ?? []), ...later.files];
  const figures = [...(former?.figures.filter((figure) => !ranAgain(figure)) ?? []), ...later.figures];
  return {
    machine: later.machine,
    files: files.toSorted((a, b) => a.file.localeCompare(b.file)),
    figures: figures.toSorted(byClaim),
  };
};

/** How many tests of each file passed and failed and how long it took, by what Vitest's JSON reporter wrote. */
export const countFiles = (
  reportText: string,
): readonly Pick<NightlyFile, "file" | "passed" | "failed" | "seconds">[] => {
  const { testResults } = JSON.parse(reportText) as {
    readonly testResults: readonly {
      readonly name: string;
      readonly status: string;
      /** In milliseconds since 1970. */
      readonly startTime: number;
      readonly endTime: number;
      readonly assertionResults: readonly { readonly status: string }[];
    }[];
  };
  return testResults.map(({ name, status, startTime, endTime, assertionResults }) => {
    const count = (wanted: string) => assertionResults.filter((test) => test.status === wanted).length;
    return {
      file: relative(root, name),
      passed: count("passed"),
      failed: Math.max(count("failed"), status === "failed" ? 1 : 0),
      seconds: Math.round((endTime - startTime) / 1_000),
    };
  });
};
