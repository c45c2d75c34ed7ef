import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describeError, Refusal, tail } from "./refusal.ts";

/** A program to run to its end. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where its output goes, whole. */
  readonly log: string;
  /** What it does, for the sentence that says it failed: "The deployment". */
  readonly title: string;
  /** Ends the program early. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a program and returns what it printed.
 *
 * @throws Refusal with the last lines of its output and the place of the whole when it fails.
 */
export const runCommand = ({ program, args, cwd, env, log, title, signal }: Command): Promise<string> =>
  new Promise((resolve, reject) => {
    mkdirSync(dirname(log), { recursive: true });
    // Its own group: a Ctrl-C in the terminal reaches the launcher only, which stops things in order.
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const parts: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => parts.push(part));
    const stop = () => child.kill("SIGTERM");
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    child.on("error", (error) =>
      reject(new Refusal(`${title} failed: ${basename(program)} could not be run (${describeError(error)}).`)),
    );
    child.on("close", (code, endedBy) => {
      signal?.removeEventListener("abort", stop);
      const output = Buffer.concat(parts).toString();
      writeFileSync(log, output, { mode: 0o600 });
      if (code === 0) return resolve(output);
      if (signal?.aborted) return reject(signal.reason);
      const how = endedBy === null ? `ended with ${code}` : `was ended by ${endedBy}`;
      reject(
        new Refusal(`${title} failed (${basename(program)} ${how}); all of its output is in ${log}.`, tail(output)),
      );
    });
  });
