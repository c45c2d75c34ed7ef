import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { end, isRunning, type OwnProcess, signal, toOwnProcess, waitForEnd } from "./own-processes.ts";
import { Refusal } from "./refusal.ts";

/** The emulator's temporary folder is called like this, wherever the system keeps such. */
export const temporaryPrefix = "perch-local-";

/** What runs in one folder, so that a later command finds it, even when it was killed and could not tidy up. */
export interface RunRecord {
  readonly launcher: OwnProcess;
  readonly phase: "starting" | "ready" | "stopping";
  readonly url: string;
  readonly emulator?: OwnProcess;
  readonly finch?: OwnProcess;
  readonly temporaryFolder?: string;
}

/** The record of a run that this process began. */
export interface OwnRun {
  /** Whether the run before this one could not tidy up. */
  readonly followsKilledRun: boolean;
  readonly update: (change: Partial<Omit<RunRecord, "launcher">>) => void;
  readonly remove: () => void;
}

/** The record in this file; undefined when there is none or when it was only half written. */
export const readRun = (file: string): RunRecord | undefined => {
  try {
    const record = JSON.parse(readFileSync(file, "utf8"));
    return typeof record?.launcher?.pid === "number" && typeof record.launcher.identity === "string"
      ? record
      : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Makes this process the one that runs in this folder. What a killed run left behind is ended first.
 *
 * @throws Refusal when another one runs there.
 */
export const beginRun = async (file: string, url: string, say: (line: string) => void): Promise<OwnRun> => {
  const launcher = toOwnProcess(process.pid);
  if (launcher === undefined) throw new Error("This process is not in the system's list of processes.");
  let record: RunRecord = { launcher, phase: "starting", url };
  const unfinished = `${file}.${process.pid}.tmp`;
  /** Puts the whole record in place at once: by linking, when there must be none, and by renaming, when there may be. */
  const write = (place: (from: string, to: string) => void) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(unfinished, JSON.stringify(record), { mode: 0o600 });
    try {
      place(unfinished, file);
    } finally {
      rmSync(unfinished, { force: true });
    }
  };
  let followsKilledRun = false;
  for (let attempt = 0; ; attempt += 1) {
    try {
      write(linkSync);
      break;
    } catch (error) {
      if (attempt > 2 || !(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      followsKilledRun = (await giveWay(file, say)) || followsKilledRun;
    }
  }
  return {
    followsKilledRun,
    update(change) {
      record = { ...record, ...change };
      write(renameSync);
    },
    remove: () => rmSync(file, { force: true }),
  };
};

/** Ends what is left of an earlier run, or refuses when it is still at work. Says whether that run was killed. */
const giveWay = async (file: string, say: (line: string) => void): Promise<boolean> => {
  const earlier = readRun(file);
  if (earlier !== undefined && isRunning(earlier.launcher)) {
    const hasEnded = earlier.phase === "stopping" && (await waitForEnd(earlier.launcher, 20_000));
    if (hasEnded && !existsSync(file)) return false;
    if (!hasEnded) {
      throw new Refusal(`Perch runs already at ${earlier.url}: use that one, or end it with "npm run stop".`);
    }
  }
  if (earlier !== undefined) await endLeftovers(earlier, say);
  rmSync(file, { force: true });
  return true;
};

/** Ends the processes of a run whose launcher is gone, and removes its temporary folder. */
export const endLeftovers = async (
  { emulator, finch, temporaryFolder }: RunRecord,
  say: (line: string) => void,
): Promise<void> => {
  const left = [emulator, finch].filter((own) => own !== undefined && isRunning(own));
  if (left.length > 0) say(`… ending ${left.length === 1 ? "a process" : "processes"} that a killed run left behind`);
  if (finch !== undefined) await end(finch);
  // The emulator ends by itself when its launcher is gone, and knows whether its state is worth saving.
  if (emulator !== undefined && !(await waitForEnd(emulator, 10_000))) {
    signal(emulator, "SIGKILL");
    await waitForEnd(emulator, 2_000);
  }
  if (temporaryFolder !== undefined) removeTemporary(temporaryFolder);
};

/** Removes the emulator's temporary folder, and nothing that is not one. */
export const removeTemporary = (folder: string): void => {
  if (folder === join(tmpdir(), basename(folder)) && basename(folder).startsWith(temporaryPrefix)) {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * Ends what runs in this folder: in order, or by force when it does not end within 30 s.
 *
 * @returns what was found there: a run, what a killed run left behind, or nothing.
 */
export const endRun = async (
  file: string,
  say: (line: string) => void,
): Promise<{ readonly found: "run" | "leftovers" | "nothing"; readonly url?: string }> => {
  const record = readRun(file);
  if (record === undefined) return { found: "nothing" };
  const { launcher, emulator, finch, url } = record;
  const found = isRunning(launcher)
    ? "run"
    : [emulator, finch].some((own) => own !== undefined && isRunning(own))
      ? "leftovers"
      : "nothing";
  await end(launcher, 30_000);
  const last = readRun(file);
  if (last !== undefined && !isRunning(last.launcher)) {
    await endLeftovers(last, say);
    rmSync(file, { force: true });
  }
  return { found, url };
};
