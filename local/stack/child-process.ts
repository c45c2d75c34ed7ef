import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type OwnProcess, toOwnProcess } from "./own-processes.ts";
import { describeError, Refusal, tail } from "./refusal.ts";

/** A program that runs beside this one until it is stopped. */
export interface Companion {
  readonly own: OwnProcess;
  readonly child: ChildProcess;
  /** Resolves when the program has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/** What to run, and how to see that it is ready. */
export interface CompanionProgram {
  /** For sentences: "The emulated AWS". */
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  /** Answers 200 as soon as the program is ready. */
  readonly healthUrl: string;
  /** Called as soon as it runs, before it is ready. */
  readonly onStart: (own: OwnProcess) => void;
  readonly signal: AbortSignal;
}

const patience = 60_000;

/**
 * Starts a program in a process group of its own (a Ctrl-C in the terminal does not reach it) and waits until it is ready.
 *
 * @throws Refusal with the last lines of its log when it ends instead, or is not ready after a minute.
 */
export const startCompanion = async (options: CompanionProgram): Promise<Companion> => {
  const { title, program, args, cwd, env, log, healthUrl, onStart, signal } = options;
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "w", 0o600);
  const child = spawn(program, args, { cwd, env, stdio: ["pipe", output, output], detached: true });
  closeSync(output);
  // The other end may be gone before us.
  child.stdin?.on("error", () => {});
  let problem: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.on("error", (error) => {
      problem = describeError(error);
      resolve();
    });
    child.on("exit", () => resolve());
  });
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  const own = toOwnProcess(child.pid);
  if (own !== undefined) onStart(own);
  const fail = (how: string) => new Refusal(`${title} ${how}; its log is ${log}.`, tail(readFileSync(log, "utf8")));
  const deadline = performance.now() + patience;
  try {
    while (!(await isHealthy(healthUrl))) {
      signal.throwIfAborted();
      if (hasEnded) throw fail(`ended at its start${problem === undefined ? "" : ` (${problem})`}`);
      if (performance.now() > deadline) throw fail("is not ready after a minute");
      await sleep(25);
    }
    // Another program may answer at this address.
    if (hasEnded || own === undefined) throw fail("ended at its start");
    return { own, child, ended };
  } catch (error) {
    child.kill("SIGKILL");
    await ended;
    throw error;
  }
};

const isHealthy = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );

/** Stops a companion, with SIGKILL when SIGTERM has not ended it after `milliseconds`. Says whether SIGTERM did. */
export const stopCompanion = async ({ child, ended }: Companion, milliseconds: number): Promise<boolean> => {
  child.kill("SIGTERM");
  const inTime = await Promise.race([ended.then(() => true), sleep(milliseconds, false, { ref: false })]);
  if (!inTime) {
    child.kill("SIGKILL");
    await ended;
  }
  return inTime;
};
