/**
 * The simulated Finch's door for tests. Its faults wait for the next calls of a path, whoever makes them, and all tests share
 * one Finch: so a fault is queued while no other test's call is under way, and others wait until it has been met.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readStack } from "./stack.ts";

/** What Finch knows of a connection, as far as tests look. */
export interface FinchConnection {
  readonly id: string;
  readonly providerId: string;
  readonly companyName: string;
  readonly creator: { readonly id: string };
}

/** A Connect session as Finch was asked for it. */
export interface FinchSession {
  readonly customer: { readonly id: string; readonly name: string };
  readonly redirectUri: string;
  readonly products: readonly string[];
}

interface FinchState {
  readonly sessions: readonly FinchSession[];
  readonly connections: readonly FinchConnection[];
  readonly faults: readonly { readonly path: string }[];
}

/** Everything that Finch knows. */
export const readFinch = async (): Promise<FinchState> => {
  const response = await fetch(`${readStack().finchUrl}/_control/state`);
  return (await response.json()) as FinchState;
};

/** The connections that a customer's sign-ins made at Finch, kept by Perch or not. */
export const finchConnectionsOf = async (customerId: string): Promise<readonly FinchConnection[]> =>
  (await readFinch()).connections.filter((connection) => connection.creator.id === customerId);

/** A fault of `POST /auth/token`, as the control door takes it. */
export interface ExchangeFault {
  readonly kind: string;
  readonly times?: number;
  readonly ms?: number;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
}

const path = "/auth/token";

/** Makes a call in which Finch may be asked for a token, at a time when no other test's fault waits for one. */
export const amongOthers = async <Value>(call: () => Promise<Value>): Promise<Value> => {
  const leave = await enter();
  try {
    return await call();
  } finally {
    leave();
  }
};

/**
 * Makes a call whose request for a token meets this fault.
 *
 * @param until `taken`: others may go on once the fault is used up, though this call is not done; `done`: they wait for it.
 * @throws Error when the call asked Finch for fewer tokens than the fault was for, and what the call throws.
 */
export const withFault = async <Value>(
  fault: ExchangeFault,
  call: () => Promise<Value>,
  until: "taken" | "done" = "done",
): Promise<Value> => {
  const open = await close();
  try {
    await control("POST", { path, ...fault });
    let isDone = false;
    const calling = call().finally(() => {
      isDone = true;
    });
    calling.catch(() => undefined);
    while (!isDone && (until === "done" || (await isWaiting()))) await sleep(50);
    if (await isWaiting()) {
      await control("DELETE");
      await calling;
      throw new Error("the call asked Finch for fewer tokens than the fault was for");
    }
    open();
    return await calling;
  } finally {
    open();
  }
};

const control = async (method: "POST" | "DELETE", body?: object): Promise<void> => {
  const response = await fetch(`${readStack().finchUrl}/_control/faults`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`Finch does not take the fault: ${await response.text()}`);
};

const isWaiting = async (): Promise<boolean> => (await readFinch()).faults.some((fault) => fault.path === path);

/** What a killed run left behind counts no more after this time; no call and no fault takes that long. */
const staleAfterMs = 90_000;
const patienceMs = 120_000;

const places = () => {
  const folder = join(tmpdir(), `perch-test-finch-${new URL(readStack().finchUrl).port}`);
  const calls = join(folder, "calls");
  mkdirSync(calls, { recursive: true });
  return { calls, fault: join(folder, "fault") };
};

const isFresh = (place: string): boolean => {
  const age = Date.now() - (statSync(place, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return age < staleAfterMs;
};

/** Waits until no fault waits for calls; returns what ends the call. */
const enter = async (): Promise<() => void> => {
  const { calls, fault } = places();
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
const close = async (): Promise<() => void> => {
  const { calls, fault } = places();
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
