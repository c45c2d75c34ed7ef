/** The steps of a journey: what the platform's backend and its customer's browser do, one function each. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, vi } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { completeConnect } from "../../local/finch/drive-connect.ts";
import { type Answer, callBackend } from "./api.ts";
import { type Browser, createBrowser } from "./browser.ts";
import { patience } from "./patience.ts";

/** A customer of this test alone. */
export interface TestCustomer {
  readonly id: string;
  /** As nobody else is called, so that a page or a reply that tells it is found. */
  readonly name: string;
  /** Where the API has it. */
  readonly path: string;
}

/** Where browsers go at the end; nothing listens there. */
export const returnUrl = "http://localhost:3000/integrations";

/** What is asked for unless a test says something else. */
export const allProducts = ["company", "directory", "individual", "employment"] as const;

/** Creates a customer that no other test knows, by a name that none has either. */
export const createCustomer = async (
  mode?: schema.CustomerMode,
  name = `Bakery ${randomUUID()}`,
): Promise<TestCustomer> => {
  const id = `test-${randomUUID()}`;
  const customer = { id, name, path: `/v1/customers/${id}` };
  const put = await callBackend(customer.path, { method: "PUT", json: { name: customer.name, ...(mode && { mode }) } });
  expect(put.status).toBe(201);
  return customer;
};

/** A session of mode `redirect`, which has a link. */
export type LinkedSession = schema.NewConnectSession & { readonly connect_url: string };

/** Starts a Connect session of the customer, which ends at `returnUrl` unless something else is asked for. */
export const startSession = async (
  customer: TestCustomer,
  input: Partial<schema.ConnectSessionInput> = {},
): Promise<LinkedSession> => {
  const started = await callBackend(`${customer.path}/connect-sessions`, {
    json: { products: allProducts, return_url: returnUrl, ...input },
  });
  expect(started.status, started.text).toBe(201);
  return started.json<LinkedSession>();
};

/** Starts a session whose browser ends on a page of Perch's own. */
export const startSessionWithoutReturn = async (customer: TestCustomer): Promise<LinkedSession> => {
  const started = await callBackend(`${customer.path}/connect-sessions`, { json: { products: allProducts } });
  expect(started.status, started.text).toBe(201);
  return started.json<LinkedSession>();
};

/** Opens the link of an open session; returns where at Finch it leads. */
export const openLink = async (browser: Browser, session: LinkedSession): Promise<URL> => {
  const opened = await browser.open(session.connect_url);
  expect(opened.status).toBe(302);
  if (opened.location === undefined) throw new Error("the link leads nowhere");
  return opened.location;
};

/** Who signs in where; a customer's own company at Gusto unless something else is asked for. */
export interface SignIn {
  readonly provider?: string;
  readonly username?: string;
  readonly company?: string;
  /** Which of the company's entities to connect, by name, for a login that sees several. */
  readonly entities?: readonly string[] | "all";
}

/** Signs in at Finch's page; returns the callback to which Finch sends the browser, with a `code` and a `state`. */
export const signIn = (atFinch: URL, { provider = "gusto", ...who }: SignIn = {}): Promise<URL> =>
  completeConnect({ connectUrl: atFinch, provider, ...who });

/** Brings the browser back from Finch. Where Perch has it wait, since the exchange takes long, it looks again as the page says. */
export const comeBack = async (browser: Browser, callback: URL | string): Promise<Answer> => {
  const answer = await browser.open(callback);
  const pending = answer.location;
  if (!pending?.pathname.startsWith("/connect/pending/")) return answer;
  return vi.waitFor(async () => {
    const later = await browser.open(pending);
    expect(later.text).not.toContain('http-equiv="refresh"');
    return later;
  }, patience);
};

/** Opens the link and signs in; returns the callback, which is not opened. */
export const reachCallback = async (browser: Browser, session: LinkedSession, how?: SignIn): Promise<URL> =>
  signIn(await openLink(browser, session), how);

/** The session as the backend reads it. */
export const readSession = async (customer: TestCustomer, sessionId: string): Promise<schema.ConnectSession> => {
  const read = await callBackend(`${customer.path}/connect-sessions/${sessionId}`);
  expect(read.status).toBe(200);
  return read.json<schema.ConnectSession>();
};

/** Waits until the session has ended, for `seconds` at most. */
export const awaitEnd = async (
  customer: TestCustomer,
  sessionId: string,
  seconds = 60,
): Promise<schema.ConnectSession> => {
  const giveUpAt = Date.now() + seconds * 1_000;
  for (;;) {
    const session = await readSession(customer, sessionId);
    if (session.status !== "open" && session.status !== "exchanging") return session;
    if (Date.now() > giveUpAt) throw new Error(`the session is ${session.status} after ${seconds} s`);
    await sleep(200);
  }
};

/** What a browser brings back to the platform in the query of `return_url`. */
export const readReturn = (answer: Answer): Readonly<Record<string, string>> => {
  expect([302, 303], answer.text).toContain(answer.status);
  const back = answer.location;
  expect(`${back?.origin}${back?.pathname}`).toBe(returnUrl);
  return Object.fromEntries(back?.searchParams ?? []);
};

/** How a customer's way through Connect ended. */
export interface Connected {
  readonly session: schema.ConnectSession;
  readonly connectionId: string;
  /** The hint that the browser brought back. */
  readonly status: string;
}

/** Goes all the way through Connect, in a new browser unless one is given; it must end well. */
export const connect = async (
  customer: TestCustomer,
  how: SignIn & { readonly browser?: Browser; readonly input?: Partial<schema.ConnectSessionInput> } = {},
): Promise<Connected> => {
  const { browser = createBrowser(), input, ...who } = how;
  const started = await startSession(customer, input);
  const back = readReturn(await comeBack(browser, await reachCallback(browser, started, who)));
  // What the browser brings is a hint; what counts is the session.
  const session = await awaitEnd(customer, started.session_id);
  expect(session).toMatchObject({ status: "completed", failure_reason: null });
  expect(back).toEqual({
    session_id: session.session_id,
    status: expect.stringMatching(/^(connected|known|reconnected|pending)$/),
    connection_id: session.connection_id,
  });
  return { session, connectionId: String(session.connection_id), status: back["status"] ?? "" };
};
