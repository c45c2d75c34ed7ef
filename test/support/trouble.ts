/** Connections that come into trouble at Finch, the ways in which Perch learns of it, and the way back that its prompt tells. */
import { expect, vi } from "vitest";
import { callBackend } from "./api.ts";
import { createBrowser } from "./browser.ts";
import { awaitLook, introspect, pathOf, readConnection } from "./connections.ts";
import { type BusEvent, breachesOf } from "./events.ts";
import { controlFinch, withErrorsOf } from "./finch.ts";
import { webhooksOf } from "./finch-webhooks.ts";
import { invoke } from "./functions.ts";
import {
  comeBack,
  connect,
  createCustomer,
  type LinkedSession,
  reachCallback,
  readReturn,
  returnUrl,
  type SignIn,
  type TestCustomer,
} from "./journey.ts";
import { patience } from "./patience.ts";
import { putReport } from "./reports.ts";
import { makeCheckDue } from "./table.ts";

export interface OwnConnection {
  readonly customer: TestCustomer;
  readonly connectionId: string;
}

/**
 * A new customer's connection that was looked at after its token came, and that nothing from before has Perch look at again:
 * what is told of it from now on is news.
 */
export const connectAndLook = async (who: SignIn = {}): Promise<OwnConnection> => {
  const customer = await createCustomer();
  const { connectionId } = await connect(customer, who);
  await webhooksOf(connectionId).settled();
  await awaitLook(customer, connectionId);
  // It began after Finch's webhooks came, and so answers those that wait in the queue.
  await introspect(customer, connectionId);
  return { customer, connectionId };
};

/** Finch's state changes, and Finch tells of it unless a rule says otherwise. */
export const setStatus = (connectionId: string, status: string): Promise<unknown> =>
  controlFinch("POST", `connections/${connectionId}`, { status });

/** Finch tells nothing of a connection from now on. */
export const silenceFinch = (connectionId: string): Promise<unknown> =>
  webhooksOf(connectionId).rule({ kind: "lose", times: "until_cleared" });

/** Waits until Perch has it so. */
export const awaitStatus = ({ customer, connectionId }: OwnConnection, status: string): Promise<void> =>
  vi.waitFor(async () => expect((await readConnection(customer, connectionId)).status).toBe(status), patience);

/** The prompts among events. */
export const promptsIn = (events: readonly BusEvent[]): readonly BusEvent[] =>
  events.filter((event) => event["detail-type"] === "ReauthenticationRequired");

/** Has a connection looked at by the sweep, as one whose time has come. */
export const sweepUp = async ({ customer, connectionId }: OwnConnection): Promise<void> => {
  await makeCheckDue(customer.id, connectionId);
  expect(await invoke("sweep-checks", { resume: true })).toMatchObject({ kind: "swept" });
};

/** How Perch comes to know that a connection is signed out; each signs it out at Finch first. */
export const sources: Readonly<Record<string, (own: OwnConnection) => Promise<void>>> = {
  "Finch's webhook": async ({ connectionId }) => {
    await setStatus(connectionId, "reauth");
  },
  "a report of the platform's": async ({ customer, connectionId }) => {
    await signOutSilently(connectionId);
    const reason = "GET /employer/directory was answered 401 reauthenticate_user";
    await putReport({ customer_id: customer.id, connection_id: connectionId, reason });
  },
  "a call that Finch answers with 401": async ({ customer, connectionId }) => {
    await signOutSilently(connectionId);
    const asked = await withErrorsOf(connectionId, "reauthenticate_user", () =>
      callBackend(`${pathOf(customer, connectionId)}/introspect`, { method: "POST" }),
    );
    expect([asked.status, asked.json()]).toMatchObject([200, { status: "reauth" }]);
  },
  "the sweep": async (own) => {
    await signOutSilently(own.connectionId);
    await sweepUp(own);
  },
};

const signOutSilently = async (connectionId: string) => {
  await silenceFinch(connectionId);
  await setStatus(connectionId, "reauth");
};

/** A prompt with all that its schema promises. */
interface Prompt {
  readonly status: string;
  readonly entity_ids: readonly string[];
  readonly reauthenticate: { readonly method: string; readonly path: string };
}

/** What a prompt tells; it must be as its schema has it, and about this connection. */
export const readPrompt = (event: BusEvent | undefined, { customer, connectionId }: OwnConnection): Prompt => {
  if (event === undefined) return expect.fail("there is no prompt");
  expect(breachesOf(event)).toEqual([]);
  expect(event.detail).toMatchObject({ customer_id: customer.id, subject: { kind: "connection", id: connectionId } });
  return event.detail as BusEvent["detail"] & Prompt;
};

/** Starts the session that a prompt tells of, with nothing but what it carries. */
export const startPrompted = async ({ reauthenticate: { method, path } }: Prompt): Promise<LinkedSession> => {
  const started = await callBackend(path, { method, json: { return_url: returnUrl } });
  expect(started.status, started.text).toBe(201);
  return started.json<LinkedSession>();
};

/** Sends the customer through such a session; what the browser brings back. */
export const followPrompt = async (
  prompt: Prompt,
  who: SignIn = {},
): Promise<{ readonly sessionId: string; readonly back: Readonly<Record<string, string>> }> => {
  const [session, browser] = [await startPrompted(prompt), createBrowser()];
  const back = readReturn(await comeBack(browser, await reachCallback(browser, session, who)));
  return { sessionId: session.session_id, back };
};
