/** The processes in which the emulated AWS runs functions. Linux only. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createPlaces } from "../../local/stack/places.ts";
import { readRun } from "../../local/stack/run-record.ts";
import { readStackFolder } from "./stack.ts";

/**
 * The process of one function that has a socket with this local port: a child of this stack's own emulator.
 *
 * @param folder the function's folder under `functions/`.
 * @throws Error if there is none, and if this stack's emulator was started by somebody else.
 */
export const findFunctionProcess = (folder: string, port: number): number => {
  const emulator = readRun(createPlaces(readStackFolder()).record)?.emulator;
  if (emulator === undefined) throw new Error("the stack's emulator is not known");
  const pid = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === emulator.pid && functionOf(child)?.endsWith(`-${folder}`))
    .find((child) => hasSocket(child, port));
  if (pid === undefined) throw new Error(`no process of ${folder} has a socket with port ${port}`);
  return pid;
};

/** Undefined for a process that has just ended. */
const parentOf = (pid: number): number | undefined => {
  const stat = readOr(`/proc/${pid}/stat`);
  // Field 4 of proc_pid_stat(5); the command's name before it may hold blanks and brackets.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
};

const functionOf = (pid: number): string | undefined =>
  /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=([^\0]*)/.exec(readOr(`/proc/${pid}/environ`) ?? "")?.[1];

/** Whether one of the process's open files is a TCP socket with this local port, by proc_net_tcp(5) and proc_pid_fd(5). */
const hasSocket = (pid: number, port: number): boolean => {
  const address = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, "0")}$`);
  const sockets = ["tcp", "tcp6"]
    .flatMap((table) => (readOr(`/proc/${pid}/net/${table}`) ?? "").split("\n"))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local !== undefined && address.test(local))
    .map((fields) => `socket:[${fields[9]}]`);
  return readdirSync(`/proc/${pid}/fd`).some((file) => sockets.includes(readLinkOr(`/proc/${pid}/fd/${file}`) ?? ""));
};

const readOr = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
};

const readLinkOr = (file: string): string | undefined => {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
};
