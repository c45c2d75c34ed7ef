/** How many tests passed and how much failed. */
export interface Tally {
  readonly passed: number;
  /** Failed tests, test files that could not be run, and failed checks (types, lint and so on). */
  readonly failed: number;
}

export const nothingRun: Tally = { passed: 0, failed: 0 };

/** The two together. */
export const add = (left: Tally, right: Tally): Tally => ({
  passed: left.passed + right.passed,
  failed: left.failed + right.failed,
});

/** The line that every run ends with. */
export const closingLine = ({ passed, failed }: Tally): string => `${passed} passed, ${failed} failed`;

/** Zero only when something was tested and nothing failed. */
export const exitCodeOf = ({ passed, failed }: Tally): number => (failed === 0 && passed > 0 ? 0 : 1);

/** What Vitest's JSON reporter writes, as far as it is counted. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts a run of Vitest. A file that failed without a failed test (it could not be loaded, or its set-up failed) counts as
 * one failure, and so does a run that ended badly for a reason that is in no file.
 *
 * @param reportText what the JSON reporter wrote; undefined when it wrote nothing.
 */
export const tallyVitest = (reportText: string | undefined, exitCode: number): Tally => {
  const report = reportText === undefined ? undefined : (JSON.parse(reportText) as VitestReport);
  const files = report?.testResults ?? [];
  const brokenFiles = files.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  ).length;
  const failed = (report?.numFailedTests ?? 0) + brokenFiles;
  return { passed: report?.numPassedTests ?? 0, failed: exitCode !== 0 && failed === 0 ? 1 : failed };
};
