/**
 * Faults of the simulated Finch. They wait for the next calls of a path, whoever makes them, and all tests share one Finch:
 * so a fault is queued while no other test's call of that path is under way, and others wait until it has been met.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { controlFinch, readFinch } from "./finch.ts";
import { readStack } from "./stack.ts";

/** A fault of the next calls of a path, as the control door takes it. */
export interface FinchFault {
  /** `/auth/token` when left out. */
  readonly path?: string;
  readonly kind: string;
  readonly times?: number;
  readonly ms?: number;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
}

const exchangePath = "/auth/token";

/** Makes a call in which Finch may be asked on a path, at a time when no other test's fault waits for one there. */
export const amongOthers = async <Value>(call: () => Promise<Value>, path = exchangePath): Promise<Value> => {
  const leave = await enter(path);
  try {
    return await call();
  } finally {
    leave();
  }
};

/**
 * Makes a call whose request to Finch meets this fault.
 *
 * @param until `taken`: others may go on once the fault is used up, though this call is not done; `done`: they wait for it.
 * @throws Error when the call asked Finch less often than the fault was for, and what the call throws.
 */
export const withFault = async <Value>(
  { path = exchangePath, ...fault }: FinchFault,
  call: () => Promise<Value>,
  until: "taken" | "done" = "done",
): Promise<Value> => {
  const open = await close(path);
  try {
    await controlFinch("POST", "faults", { path, ...fault });
    let isDone = false;
    const calling = call().finally(() => {
      isDone = true;
    });
    calling.catch(() => undefined);
    while (!isDone && (until === "done" || (await isWaiting(path)))) await sleep(50);
    if (await isWaiting(path)) {
      await controlFinch("DELETE", "faults");
      await calling;
      throw new Error("the call asked Finch less often than the fault was for");
    }
    open();
    return await calling;
  } finally {
    open();
  }
};

const isWaiting = async (path: string): Promise<boolean> =>
  (await readFinch()).faults.some((fault) => fault.path === path);

/** What a killed run left behind counts no more after this time; no call and no fault takes that long. */
const staleAfterMs = 90_000;
const patienceMs = 120_000;

const places = (path: string) => {
  const folder = join(tmpdir(), `perch-test-finch-${new URL(readStack().finchUrl).port}`, path.replaceAll("/", "-"));
  const calls = join(folder, "calls");
  mkdirSync(calls, { recursive: true });
  return { calls, fault: join(folder, "fault") };
};

const isFresh = (place: string): boolean => {
  const age = Date.now() - (statSync(place, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return age < staleAfterMs;
};

/** Waits until no fault waits for calls; returns what ends the call. */
const enter = async (path: string): Promise<() => void> => {
  const { calls, fault } = places(path);
  const own = join(calls, randomUUID());
  for (const giveUpAt = Date.now() + patienceMs; Date.now() < giveUpAt; await sleep(20 + Math.random() * 40)) {
    // First its own mark, then the look at the other's: whoever comes second sees the first.
    writeFileSync(own, "");
    if (!isFresh(fault)) return () => rmSync(own, { force: true });
    rmSync(own, { force: true });
  }
  throw new Error("a fault at Finch waits for calls all the time");
};

/** Waits until no call is under way and lets none begin; returns what lets them. */
const close = async (path: string): Promise<() => void> => {
  const { calls, fault } = places(path);
  for (const giveUpAt = Date.now() + patienceMs; Date.now() < giveUpAt; await sleep(20 + Math.random() * 40)) {
    if (!makeFolder(fault)) continue;
    while (readdirSync(calls).some((call) => isFresh(join(calls, call)))) await sleep(20);
    let isOpen = false;
    return () => {
      if (!isOpen) rmSync(fault, { recursive: true, force: true });
      isOpen = true;
    };
  }
  throw new Error("other tests' faults at Finch wait for calls all the time");
};

/** Making a folder either succeeds or tells that it is there: nobody comes in between. */
const makeFolder = (folder: string): boolean => {
  try {
    if (!isFresh(folder)) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
};
