/**
 * Runs each test once as it is, and then once for each mutant that it has come by and that no other test has noticed: all in
 * one process, since a process for each mutant takes most of the time. What a mutant leaves behind must not speak for the
 * next: a test counts as having noticed one only if it passes without it right afterwards.
 */
import { appendFileSync, openSync, readFileSync, writeSync } from "node:fs";
import { type RunnerTestCase, TestRunner } from "vitest";
import { type Event, type Plan, planVariable } from "./plan.ts";

/** What Stryker's switches look at. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: {
    readonly static: Record<string, number>;
    readonly perTest: Record<string, Record<string, number>>;
  };
}

const plan = JSON.parse(readFileSync(process.env[planVariable] ?? "", "utf8")) as Plan;
const marker = openSync(plan.marker, "w");
const globals = globalThis as { __stryker__?: Switches };
globals.__stryker__ ??= {};
const switches = globals.__stryker__;
const found = new Set(plan.found);
const passed = new Set(plan.passed);
const isStrict = new Set(plan.unclear);

/** A loop that goes on so many times as often as without the mutant does not end. */
const hitFactor = 100;
/** So long a test may take beside other work; a mutant that makes it take longer is noticed by that. */
const leastLimitMs = 10_000;
const limitFactor = 30;
/** Well below the silence after which the whole process is ended from outside, however slow the first run was. */
const mostLimitMs = 60_000;

const tell = (event: Event) => appendFileSync(plan.log, `${JSON.stringify(event)}\n`);

/** Vitest takes a runner as the default export. */
export default class MutantRunner extends TestRunner {
  async runTask(test: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(test);
    const name = `${test.file.name} ${test.fullName}`;
    const since = performance.now();
    switches.currentTestId = test.id;
    const isSound = await passes(run, leastLimitMs * limitFactor);
    switches.currentTestId = undefined;
    const limitMs = Math.min(mostLimitMs, Math.max(leastLimitMs, limitFactor * (performance.now() - since)));
    if (!isSound) return tell({ kind: "unclear", test: name });
    const hits = switches.mutantCoverage?.perTest[test.id] ?? {};
    if (switches.mutantCoverage !== undefined) delete switches.mutantCoverage.perTest[test.id];
    tell({ kind: "covered", mutants: Object.keys(hits) });
    for (const mutant of Object.keys(hits)) {
      if (found.has(mutant) || passed.has(`${mutant} ${name}`)) continue;
      writeSync(marker, mutant.padEnd(12), 0);
      const outcome = await tryOne(run, mutant, hits[mutant] ?? 1, limitMs);
      const isAsBefore = outcome === "passed" && !isStrict.has(name) ? true : await passes(run, limitMs);
      // In strict order it was as before right before this, too.
      if (outcome !== "passed" && (isAsBefore || isStrict.has(name))) {
        found.add(mutant);
        tell({ kind: outcome, mutant, test: name });
      } else if (outcome === "passed") tell({ kind: "passed", mutant, test: name });
      if (!isAsBefore) return tell({ kind: "unclear", test: name });
    }
    writeSync(marker, "".padEnd(12), 0);
  }

  override onAfterRunFiles(files: Parameters<TestRunner["onAfterRunFiles"]>[0]): void {
    super.onAfterRunFiles(files);
    tell({ kind: "loaded", static: Object.keys(switches.mutantCoverage?.static ?? {}) });
  }
}

const tryOne = async (
  run: () => unknown,
  mutant: string,
  hits: number,
  limitMs: number,
): Promise<"passed" | "killed" | "timeout"> => {
  Object.assign(switches, { activeMutant: mutant, hitCount: 0, hitLimit: hits * hitFactor });
  try {
    const outcome = await outcomeOf(run, limitMs);
    return (switches.hitCount ?? 0) > hits * hitFactor ? "timeout" : outcome;
  } finally {
    Object.assign(switches, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined });
  }
};

const passes = async (run: () => unknown, limitMs: number): Promise<boolean> =>
  (await outcomeOf(run, limitMs)) === "passed";

const outcomeOf = async (run: () => unknown, limitMs: number): Promise<"passed" | "killed" | "timeout"> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), limitMs);
  });
  try {
    return await Promise.race([late, (async () => run())().then(() => "passed" as const)]);
  } catch {
    return "killed";
  } finally {
    clearTimeout(timer);
  }
};
