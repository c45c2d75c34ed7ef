/** The processes in which the emulated AWS runs functions. Linux only. */
import { readdirSync, readFileSync } from "node:fs";
import { createPlaces } from "../../local/stack/places.ts";
import { readRun } from "../../local/stack/run-record.ts";
import { readStackFolder } from "./stack.ts";

/**
 * The processes of one function, by its folder under `functions/`: children of this stack's own emulator, warm or at work.
 *
 * @throws Error if this stack's emulator was started by somebody else.
 */
export const findFunctionProcesses = (folder: string): readonly number[] => {
  const emulator = readRun(createPlaces(readStackFolder()).record)?.emulator;
  if (emulator === undefined) throw new Error("the stack's emulator is not known");
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === emulator.pid && functionOf(pid)?.endsWith(`-${folder}`));
};

/** Undefined for a process that has just ended. */
const parentOf = (pid: number): number | undefined => {
  const stat = readOr(`/proc/${pid}/stat`);
  // Field 4 of proc_pid_stat(5); the command's name before it may hold blanks and brackets.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
};

const functionOf = (pid: number): string | undefined =>
  /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=([^\0]*)/.exec(readOr(`/proc/${pid}/environ`) ?? "")?.[1];

const readOr = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
};
