/**
 * Faults of the simulated Finch that meet one test's call alone: all tests share one Finch, so a fault names the code that is
 * exchanged, or the connection whose token is used.
 */
import { createHash } from "node:crypto";
import { vi } from "vitest";
import { controlFinch, readFinch } from "./finch.ts";
import { patience } from "./patience.ts";

/** A fault of the next call of a path, as the control door takes it. */
export interface FinchFault {
  readonly kind: string;
  readonly ms?: number;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
}

/** Whose call meets it: the exchange of a code, told by itself or by a callback's address, or a question with a connection's token. */
export type FaultySubject =
  | { readonly code: string }
  | { readonly callback: URL }
  | { readonly connectionId: string; readonly path: string };

/**
 * Makes a call that has Finch asked about the subject, and lets Finch's answer be wrong once.
 *
 * @throws Error when Finch was not asked, and what the call throws.
 */
export const withFault = async <Value>(
  subject: FaultySubject,
  fault: FinchFault,
  call: () => Promise<Value>,
): Promise<Value> => {
  await controlFinch("POST", "faults", { ...fault, ...calledBy(subject) });
  const value = await call();
  if (await isFaultWaiting(subject)) throw new Error("the call did not ask Finch what the fault was for");
  return value;
};

/**
 * Waits until the exchange of a callback's code waits for an answer that a `delay` holds back.
 *
 * @returns the port of the socket on which it waits.
 */
export const awaitLateAnswer = async (callback: URL): Promise<number> => {
  const codeHash = hashOf(calledBy({ callback }));
  return vi.waitFor(
    async () => {
      const late = (await readFinch()).lateAnswers.find((answer) => answer.codeHash === codeHash);
      if (late === undefined) throw new Error("the code is not being exchanged");
      return late.callerPort;
    },
    { ...patience, interval: 20 },
  );
};

const isFaultWaiting = async (subject: FaultySubject): Promise<boolean> => {
  const call = calledBy(subject);
  return (await readFinch()).faults.some(
    ({ path, codeHash, connectionId }) =>
      path === call.path && codeHash === hashOf(call) && connectionId === call.connection_id,
  );
};

const hashOf = ({ code }: { readonly code?: string }): string | undefined =>
  code && createHash("sha256").update(code).digest("hex");

const calledBy = (subject: FaultySubject): { path: string; code?: string; connection_id?: string } => {
  if ("connectionId" in subject) return { path: subject.path, connection_id: subject.connectionId };
  const code = "code" in subject ? subject.code : subject.callback.searchParams.get("code");
  if (code === null) throw new Error("the callback has no code");
  return { path: "/auth/token", code };
};
