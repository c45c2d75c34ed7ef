import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Places } from "./places.ts";
import { readRun } from "./run-record.ts";

/** Tells the process in the background that it is one. */
export const detachedMark = "PERCH_DETACHED";

/**
 * Runs the same start in the background, and shows what it prints until it is ready.
 *
 * @returns the exit code: 0 when it is ready, its own when it ended instead.
 */
export const startDetached = async (
  places: Places,
  program: readonly string[],
  signal: AbortSignal,
): Promise<number> => {
  mkdirSync(places.logs, { recursive: true });
  const log = join(places.logs, "start.log");
  const output = openSync(log, "w", 0o600);
  const child = spawn(process.execPath, program, {
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...process.env, [detachedMark]: "yes" },
  });
  closeSync(output);
  const exitCode = new Promise<number>((resolve) => {
    child.on("error", () => resolve(1));
    child.on("exit", (code) => resolve(code ?? 1));
  });
  let ended: number | undefined;
  void exitCode.then((code) => {
    ended = code;
  });
  signal.addEventListener("abort", () => child.kill("SIGTERM"));
  const show = createFollower(log);
  while (ended === undefined) {
    const run = readRun(places.record);
    if (run?.phase === "ready" && run.launcher.pid === child.pid) break;
    show();
    await sleep(50);
  }
  show();
  child.unref();
  return ended ?? 0;
};

/** Prints what is new in a file each time it is called. */
const createFollower = (file: string): (() => void) => {
  const input = openSync(file, "r");
  const chunk = Buffer.alloc(65_536);
  return () => {
    for (let length = readSync(input, chunk); length > 0; length = readSync(input, chunk)) {
      process.stdout.write(chunk.subarray(0, length));
    }
  };
};
