import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, sharedFolder } from "../../local/stack/places.ts";
import type { Area } from "./areas.ts";
import type { StrykerReport } from "./record.ts";
import { endpointVariable } from "./table-server.ts";

/** A run of Stryker on one area. */
export interface StrykerRun {
  readonly area: Area;
  /** What of it is mutated, as globs and paths. */
  readonly mutate: readonly string[];
  /** Whether mutants are tried again whose source and tests are what they were. */
  readonly fresh: boolean;
  readonly program: string;
  readonly endpoint: string;
}

const folder = join(sharedFolder, "mutation");

/**
 * Tries all mutants.
 *
 * @throws Error if Stryker does not come to the end, such as when a test fails without any mutant.
 */
export const runStryker = async ({ area, mutate, fresh, program, endpoint }: StrykerRun): Promise<StrykerReport> => {
  const report = join(folder, `${area.name}.json`);
  const config = join(folder, `${area.name}.config.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  writeFileSync(config, JSON.stringify(configure(area, mutate, report)));
  const child = spawn(process.execPath, [program, "run", config, ...(fresh ? ["--force"] : [])], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PERCH_MUTATION_TESTS: JSON.stringify(area.tests), [endpointVariable]: endpoint },
  });
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`Stryker ended with ${code} in ${area.name}`);
  return JSON.parse(readFileSync(report, "utf8")) as StrykerReport;
};

const configure = (area: Area, mutate: readonly string[], report: string) => ({
  mutate,
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
  // Only the tests that run a mutant's line are tried on it.
  coverageAnalysis: "perTest",
  // What runs once, while the module loads, would need a new process with all tests for each mutant.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: join(folder, `${area.name}.incremental.json`),
  concurrency: 2,
  // Beside other work a run may take several times as long as the first did: what is only slow is not noticed.
  timeoutMS: 10_000,
  timeoutFactor: 4,
  tempDirName: join(folder, `sandbox-${area.name}`),
  ignorePatterns: [".local", "cdk.out", "reports"],
  reporters: ["json", "progress-append-only"],
  jsonReporter: { fileName: report },
});
