import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { compileCache, root } from "../stack/places.ts";
import type { Project, TestPlan } from "./plan.ts";
import { type Tally, tallyVitest } from "./tally.ts";

/** A run of Vitest. */
export interface VitestRun {
  readonly projects: readonly Project[];
  readonly plan: Pick<TestPlan, "filters" | "seed">;
  /** Where its figures go. */
  readonly report: string;
  /** How many test files at a time. */
  readonly workers: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Runs these projects and counts. What Vitest prints is shown as it comes. */
export const runVitest = ({ projects, plan, report, workers, env = {}, signal }: VitestRun): Promise<Tally> =>
  new Promise((resolve) => {
    rmSync(report, { force: true });
    mkdirSync(dirname(report), { recursive: true });
    const child = spawn(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        join(root, "node_modules/vitest/vitest.mjs"),
        "run",
        ...projects.map((project) => `--project=${project}`),
        ...plan.filters,
        "--passWithNoTests",
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
        `--maxWorkers=${workers}`,
      ],
      {
        cwd: root,
        stdio: ["ignore", "inherit", "inherit"],
        env: { ...process.env, PERCH_SEED: String(plan.seed), NODE_COMPILE_CACHE: compileCache, ...env },
      },
    );
    const stop = () => child.kill("SIGTERM");
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    child.on("error", () => resolve({ passed: 0, failed: 1 }));
    child.on("close", (code) => {
      signal.removeEventListener("abort", stop);
      resolve(tallyVitest(readIfPresent(report), code ?? 1));
    });
  });

const readIfPresent = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
};
