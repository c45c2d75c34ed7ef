import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../stack/places.ts";
import type { Steps } from "../stack/steps.ts";
import type { Tally } from "./tally.ts";

/** Something that is right or wrong about the source, without running it. */
interface Check {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The check is made only when this file is there. */
  readonly onlyWith?: string;
}

// The boundaries are a test, test/unit/boundaries.test.ts, and so is that each of them trips, crossed-boundaries.test.ts.
const checks: readonly Check[] = [
  // The native compiler takes a third of the time; tools that use the compiler's API need the one before it.
  { title: "types", program: "../@typescript/native/bin/tsc", args: [] },
  { title: "types of the page", program: "../@typescript/native/bin/tsc", args: ["-p", "web"] },
  { title: "lint and format", program: "biome", args: ["check", "."] },
  { title: "dead code", program: "knip", args: [], onlyWith: "knip.json" },
];

/** Counts the failed checks, and names them. */
export interface CheckTally extends Tally {
  readonly failedChecks: readonly string[];
}

/** Makes all checks, two at a time, and shows the output of those that fail. They pass silently and are not counted then. */
export const runChecks = async (steps: Steps, signal: AbortSignal): Promise<CheckTally> => {
  const waiting = checks.filter(({ onlyWith }) => onlyWith === undefined || existsSync(join(root, onlyWith)));
  const failed: string[] = [];
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined && !signal.aborted; check = waiting.shift()) {
      if (!(await makeCheck(check, steps, signal))) failed.push(check.title);
    }
  };
  await Promise.all([work(), work()]);
  return { passed: 0, failed: failed.length, failedChecks: failed };
};

const makeCheck = async (check: Check, steps: Steps, signal: AbortSignal): Promise<boolean> => {
  let problem = "";
  try {
    await steps.step(check.title, async () => {
      problem = await findProblem(check, signal);
      if (problem !== "") throw new Error(problem);
    });
    return true;
  } catch (error) {
    if (problem === "") throw error;
    steps.say(problem);
    return false;
  }
};

const findProblem = ({ program, args }: Check, signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    const child = spawn(join(root, "node_modules/.bin", program), args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const parts: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => parts.push(part));
    signal.addEventListener("abort", () => child.kill());
    child.on("error", (error) => resolve(`${program} could not be run: ${error.message}`));
    child.on("close", (code) => {
      const output = Buffer.concat(parts).toString();
      resolve(code === 0 ? "" : output || `${program} ended with ${code}`);
    });
  });
