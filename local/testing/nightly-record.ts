import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { readCommit } from "../bench/commit.ts";
import { describeMachine, type Machine } from "../bench/machine.ts";
import { nightlyFigures, readFigures, type WrittenFigure } from "../evidence/figure.ts";
import { root, sharedFolder } from "../stack/places.ts";
import type { Tally } from "./tally.ts";

/** Where the last nightly run that was not interrupted is written down. */
export const nightlyRecord = join(sharedFolder, "evidence/nightly.json");

/** What a nightly run came to. */
export interface NightlyRecord {
  /** When it began. */
  readonly date: string;
  readonly commit: string | null;
  readonly machine: Machine;
  readonly seed: number;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  /** How many tests of each file passed and failed. */
  readonly files: readonly { readonly file: string; readonly passed: number; readonly failed: number }[];
  readonly figures: readonly WrittenFigure[];
}

/** Forgets the figures of the run before, and Vitest's reports of it; returns what writes down this one. */
export const beginNightlyRecord = (seed: number, reports: readonly string[]): ((tally: Tally) => void) => {
  const about = { date: new Date().toISOString(), commit: readCommit(), machine: describeMachine(), seed };
  const since = performance.now();
  for (const former of [nightlyFigures, ...reports]) rmSync(former, { recursive: true, force: true });
  return ({ passed, failed }) => {
    const seconds = Math.round((performance.now() - since) / 1_000);
    const files = reports
      .filter((report) => existsSync(report))
      .flatMap((report) => countFiles(readFileSync(report, "utf8")));
    const record: NightlyRecord = { ...about, seconds, passed, failed, files, figures: readFigures(nightlyFigures) };
    mkdirSync(dirname(nightlyRecord), { recursive: true });
    writeFileSync(nightlyRecord, `${JSON.stringify(record, null, 2)}\n`);
  };
};

/** How many tests of each file passed and failed, by what Vitest's JSON reporter wrote. */
export const countFiles = (reportText: string): NightlyRecord["files"] => {
  const { testResults } = JSON.parse(reportText) as {
    readonly testResults: readonly {
      readonly name: string;
      readonly assertionResults: readonly { readonly status: string }[];
    }[];
  };
  return testResults.map(({ name, assertionResults }) => {
    const count = (status: string) => assertionResults.filter((test) => test.status === status).length;
    return { file: relative(root, name), passed: count("passed"), failed: count("failed") };
  });
};
