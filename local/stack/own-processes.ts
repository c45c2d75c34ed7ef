import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that was started here. The identity tells it from a later one that got the same number. */
export interface OwnProcess {
  readonly pid: number;
  readonly identity: string;
}

/**
 * When a process started and with which command line: two processes never agree in both and in the number.
 * Undefined when there is no such process, or only what is left of one that ended.
 */
export const identify = (pid: number): string | undefined => {
  try {
    if (process.platform !== "linux") {
      return (
        execFileSync("ps", ["-o", "lstart=,command=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined
      );
    }
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    // Field 22 of proc_pid_stat(5); the command's name before it may hold blanks and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const startedAt = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return commandLine === "" ? undefined : `${startedAt} ${commandLine}`;
  } catch {
    return undefined;
  }
};

/** Notes a running process as ours. Undefined when it has ended already. */
export const toOwnProcess = (pid: number | undefined): OwnProcess | undefined => {
  const identity = pid === undefined ? undefined : identify(pid);
  return pid === undefined || identity === undefined ? undefined : { pid, identity };
};

/** Whether this very process still runs. */
export const isRunning = ({ pid, identity }: OwnProcess): boolean => identify(pid) === identity;

/** Waits until the process has ended. False when it has not after that time. */
export const waitForEnd = async (own: OwnProcess, milliseconds: number): Promise<boolean> => {
  const deadline = performance.now() + milliseconds;
  while (isRunning(own)) {
    if (performance.now() > deadline) return false;
    await sleep(25);
  }
  return true;
};

/**
 * Ends a process that was started here: SIGTERM, then SIGKILL when it has not ended after `patience` milliseconds.
 * Does nothing to any other process, whatever its number. False when the process could not be ended.
 */
export const end = async (own: OwnProcess, patience = 10_000): Promise<boolean> => {
  if (!signal(own, "SIGTERM")) return true;
  if (await waitForEnd(own, patience)) return true;
  signal(own, "SIGKILL");
  return waitForEnd(own, 2_000);
};

/** Sends a signal if this very process still runs; says whether it did. */
export const signal = (own: OwnProcess, name: NodeJS.Signals): boolean => {
  if (!isRunning(own)) return false;
  try {
    process.kill(own.pid, name);
    return true;
  } catch {
    return false;
  }
};
