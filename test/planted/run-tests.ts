import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compileCache } from "../../local/stack/places.ts";
import type { NamedTest } from "./planted-bug.ts";

/** How a test ended. */
interface Outcome {
  readonly file: string;
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

/** What a run of Vitest brought. */
export interface Ran {
  readonly outcomes: readonly Outcome[];
  /** Why it brought nothing, where it did not. */
  readonly problem: string | undefined;
}

/** What Vitest's JSON reporter writes, as far as it is read. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly Omit<Outcome, "file">[];
  }[];
}

/** Runs these tests and no others in a tree, for so long at most. */
export const runTests = async (tree: string, tests: readonly NamedTest[], limitMs: number): Promise<Ran> => {
  const report = join(tree, "planted-report.json");
  rmSync(report, { force: true });
  const names = [...new Set(tests.map(({ name }) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")))];
  const { isOver, output } = await spawnVitest(tree, limitMs, [
    ...new Set(tests.flatMap(({ project, file }) => [`--project=${project}`, file])),
    `--testNamePattern=${names.join("|")}`,
    "--maxWorkers=1",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  if (isOver) return { outcomes: [], problem: `takes longer than ${limitMs / 1_000} s` };
  try {
    return read(tree, JSON.parse(readFileSync(report, "utf8")) as Report);
  } catch {
    return { outcomes: [], problem: `Vitest did not get to its report: ${output.trim().slice(-400)}` };
  }
};

const read = (tree: string, { testResults }: Report): Ran => ({
  outcomes: testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((each) => ({ ...each, file: name.slice(tree.length + 1) })),
  ),
  // A file that cannot be loaded has no tests, and says why.
  problem: testResults.find(({ message, assertionResults }) => message !== "" && assertionResults.length === 0)
    ?.message,
});

const spawnVitest = (
  cwd: string,
  limitMs: number,
  args: readonly string[],
): Promise<{ readonly isOver: boolean; readonly output: string }> =>
  new Promise((resolve) => {
    const program = join(cwd, "node_modules/vitest/vitest.mjs");
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, "run", ...args], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      // As a user starts it, and not as part of the run that this may be part of.
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_COMPILE_CACHE: compileCache },
      // A group of its own, so that a worker in an endless loop ends with it.
      detached: true,
    });
    const parts: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => parts.push(part));
    let isOver = false;
    const kill = (): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    };
    process.once("exit", kill);
    const timer = setTimeout(() => {
      isOver = true;
      kill();
    }, limitMs);
    const end = (): void => {
      process.off("exit", kill);
      clearTimeout(timer);
      resolve({ isOver, output: Buffer.concat(parts).toString() });
    };
    child.on("error", end);
    child.on("close", end);
  });
