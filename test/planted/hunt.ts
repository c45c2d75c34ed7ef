import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../local/stack/places.ts";
import { type NamedTest, type PlantedBug, plant } from "./planted-bug.ts";
import { type Ran, runTests } from "./run-tests.ts";

/** How the hunt for a bug went. */
export interface Hunted {
  readonly bug: PlantedBug;
  readonly seconds: number;
  /** Undefined if the named test found it; else what is the matter. */
  readonly problem: string | undefined;
}

const atOnce = 2;
const limitMs = 600_000;
const limitOfAllMs = 1_200_000;

/** What is no source, is large, or is somebody's own. */
const leftBehind = new Set(["node_modules", ".git", ".local", "cdk.out", "reports", "coverage"]);

/**
 * Plants each bug in a copy of the source, one at a time in each of two copies, and has its test run. Found is a bug whose
 * test fails with an assertion, and passes without the bug.
 *
 * @param tell hears of each as it is done.
 */
export const hunt = async (bugs: readonly PlantedBug[], tell: (hunted: Hunted) => void): Promise<Hunted[]> => {
  const trees: string[] = [];
  const remove = (): void => {
    for (const tree of trees) rmSync(tree, { recursive: true, force: true });
  };
  // Also where somebody interrupts it.
  process.once("exit", remove);
  try {
    for (let count = 0; count < Math.min(atOnce, bugs.length); count += 1) trees.push(copySource());
    const [first] = trees;
    if (first === undefined) return [];
    const sound = await runTests(
      first,
      bugs.map(({ test }) => test),
      limitOfAllMs,
    );
    const waiting = [...bugs];
    const hunted: Hunted[] = [];
    const work = async (tree: string): Promise<void> => {
      for (let bug = waiting.shift(); bug !== undefined; bug = waiting.shift()) {
        const since = performance.now();
        const problem = whyUnsound(bug.test, sound) ?? (await whyNotFound(tree, bug));
        const one = { bug, seconds: (performance.now() - since) / 1_000, problem };
        hunted.push(one);
        tell(one);
      }
    };
    await Promise.all(trees.map(work));
    return bugs.flatMap((bug) => hunted.filter((each) => each.bug === bug));
  } finally {
    process.off("exit", remove);
    remove();
  }
};

/** A copy that may be spoilt. Only the packages are shared, which nobody changes. */
const copySource = (): string => {
  const tree = realpathSync(mkdtempSync(join(tmpdir(), "perch-planted-")));
  for (const name of readdirSync(root)) {
    if (!leftBehind.has(name)) cpSync(join(root, name), join(tree, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  return tree;
};

const whyNotFound = async (tree: string, bug: PlantedBug): Promise<string | undefined> => {
  const path = join(tree, bug.file);
  const text = readFileSync(path, "utf8");
  try {
    writeFileSync(path, plant(text, bug));
    return judge(bug.test, await runTests(tree, [bug.test], limitMs));
  } catch (error) {
    return String(error);
  } finally {
    writeFileSync(path, text);
  }
};

const outcomesOf = ({ file, name }: NamedTest, { outcomes }: Ran) =>
  outcomes.filter((each) => each.file === file && each.fullName.includes(name) && each.status !== "skipped");

const whyUnsound = (test: NamedTest, ran: Ran): string | undefined => {
  const outcomes = outcomesOf(test, ran);
  if (outcomes.length === 0) return `there is no such test, or it could not be run: ${ran.problem ?? test.name}`;
  return outcomes.every(({ status }) => status === "passed") ? undefined : "its test fails without the bug";
};

/** Why the test has not found the bug. What throws on its way, or cannot be loaded, has found nothing by itself. */
const judge = (test: NamedTest, ran: Ran): string | undefined => {
  const outcomes = outcomesOf(test, ran);
  if (outcomes.length === 0) return `its test could not be run: ${ran.problem ?? "nothing of this name ran"}`;
  const failures = outcomes.flatMap(({ status, failureMessages }) => (status === "failed" ? failureMessages : []));
  if (failures.length === 0) return "its test passes all the same";
  return failures.some(isAssertion) ? undefined : `its test fails, but asserts nothing: ${failures[0]?.slice(0, 200)}`;
};

/** Vitest's own, also about a promise; or a property of fast-check that does not hold. */
const isAssertion = (message: string): boolean =>
  /^(AssertionError\b|Error: (Property failed|promise (rejected|resolved) ".*" instead of))/.test(message);
