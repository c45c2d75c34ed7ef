/** Customers on their way back from Connect, before the real handlers on fakes: a place for forgers. */
import { isDeepStrictEqual } from "node:util";
import { createCapability } from "#shared/connection/capability.ts";
import { type ConnectSession, holderHash } from "#shared/connection/connect-session.ts";
import type { ExchangeDependencies } from "#shared/connection/exchange-authorization-code.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import type { InvokeExchange } from "#shared/connection/session-ending.ts";
import type { EndpointHandler } from "#shared/http/endpoint.ts";
import type { Reply } from "#shared/http/reply.ts";
import { toExchangeEvent } from "#shared/lambda/exchange-request.ts";
import { createLog } from "#shared/log.ts";
import { createHandler as createConnectionHandler } from "../../functions/create-connection/handler.ts";
import { createHandler as createExchange } from "../../functions/exchange-authorization-code/handler.ts";
import { createHandler as createOpenConnect } from "../../functions/open-connect/handler.ts";
import { createHandler as createCallback } from "../../functions/receive-connect-callback/handler.ts";
import { anOpening, aSession, minute, newConnectionId } from "./builders.ts";
import { aGrantFor } from "./issuing-finch.ts";
import { type Attempt, cookieName, type Genuine } from "./state-forgeries.ts";
import { createWorld, exchangeLifeMs } from "./world.ts";

/** How long a session stays open here. */
export const sessionMinutes = 60;

/** The event of API Gateway's payload format 2.0: repeated parameters are joined, cookies are apart. */
const gatewayEvent = (rawQuery: string, cookie: string | undefined, more: object = {}) => {
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    joined[name] = Object.hasOwn(joined, name) ? `${joined[name]},${value}` : value;
  }
  return {
    rawQueryString: rawQuery,
    ...(rawQuery !== "" && { queryStringParameters: joined }),
    ...(cookie !== undefined && { cookies: cookie.split(";").map((each) => each.trim()) }),
    headers: { "content-type": "application/json" },
    requestContext: { requestId: "JKJaXmPLvHcESHA=" },
    ...more,
  };
};

/** The simulated Finch here has no limits. */
const noLeave = { begin: () => {}, end: async () => {} };

/** A world with doors. `finch` answers codes in place of the one that issues what it was told to. */
export const createForgeryWorld = (seed: number, finch?: ExchangeDependencies["finch"]) => {
  const world = createWorld(seed);
  const log = createLog(() => {});
  let sent = 0;
  let codes = 0;
  /** What Finch waits for before it answers. */
  let gate: Promise<void> | undefined;
  const exchangeCode: ExchangeDependencies["finch"]["exchangeCode"] = async (...call) => {
    sent += 1;
    await gate;
    return (finch ?? world.finch).exchangeCode(...call);
  };
  const exchangeFunction = createExchange({ ...world.exchangeDeps, finch: { exchangeCode }, leave: noLeave, log });
  const context = { awsRequestId: "request", getRemainingTimeInMillis: () => exchangeLifeMs };
  const exchange: InvokeExchange = (response) =>
    exchangeFunction(toExchangeEvent(response), context).catch(() => ({ status: "not_run" }) as const);
  const { now, newId, randomBytes, sleep, sessions } = world;
  const common = { now, newId, randomBytes, sleep, sessions, log };
  const doors: Readonly<Record<Attempt["door"], EndpointHandler>> = {
    callback: createCallback({ ...common, exchange }),
    link: createOpenConnect(common),
    embedded: createConnectionHandler({ ...world.importDeps, audit: world.audit, log, exchange }),
  };

  const send = (attempt: Attempt): Promise<Reply> => {
    switch (attempt.door) {
      case "callback":
        return doors.callback(gatewayEvent(attempt.query, attempt.cookie));
      case "link":
        return doors.link(gatewayEvent("", attempt.cookie, { pathParameters: { ticket: attempt.ticket } }));
      case "embedded": {
        const { customerId, body } = attempt;
        return doors.embedded(gatewayEvent("", undefined, { pathParameters: { customer_id: customerId }, body }));
      }
    }
  };

  const store = async (customerId: CustomerId, changes: Partial<ConnectSession>) => {
    const incarnation = world.memory.customers.get(customerId)?.incarnation ?? "";
    const times = { createdAt: now(), expiresAt: new Date(now().getTime() + sessionMinutes * minute) };
    const plain = aSession({ customerId, incarnation, ...times, ...changes });
    const ticket = createCapability(plain.sessionId, randomBytes(32));
    const session = { ...plain, ticketHash: ticket.hash };
    const stored = await sessions.create(session);
    if (!stored.ok) throw new Error(`the session is not stored: ${stored.refusal}`);
    return { session, ticket: ticket.text };
  };

  /** A code that Finch will take once, and the connection that comes of it. */
  const issue = (
    session: Pick<ConnectSession, "customerId" | "sessionId" | "reauthenticates">,
  ): { readonly code: string; readonly connectionId: ConnectionId } => {
    codes += 1;
    const code = `code-${codes}`;
    const { customerId, sessionId } = session;
    const connectionId = session.reauthenticates ?? newConnectionId();
    world.finch.willIssue(code, {
      grant: aGrantFor(code, { connectionId, customerId }),
      forCustomer: customerId,
      sessionId,
    });
    return { code, connectionId };
  };

  const openLink = async (ticket: string, cookie?: string) => {
    const opened = await send({ door: "link", ticket, cookie: cookie && `${cookieName}=${cookie}` });
    const given = opened.cookies?.[0]?.split(";")[0]?.slice(cookieName.length + 1);
    const state = new URL(opened.headers["location"] ?? "").searchParams.get("state") ?? "";
    return { state, cookie: cookie ?? given ?? "" };
  };

  /** A link that a browser has opened, and has come back from with a code. */
  const openInBrowser = async (customerId: CustomerId, changes: Partial<ConnectSession> = {}): Promise<Genuine> => {
    const { session, ticket } = await store(customerId, changes);
    return { ...(await openLink(ticket)), ...issue(session), ticket, session };
  };

  /** One more browser that has opened the same link. */
  const openAgain = async ({ ticket, session }: Genuine): Promise<Genuine> => ({
    ...(await openLink(ticket)),
    ...issue(session),
    ...{ ticket, session },
  });

  /** An embedded session, from which the customer's page has got a code. */
  const startEmbedded = async (customerId: CustomerId, changes: Partial<ConnectSession> = {}): Promise<Genuine> => {
    const plain = aSession({ mode: "embedded" });
    const state = createCapability(plain.sessionId, randomBytes(32));
    const opening = anOpening({ stateHash: state.hash, holderHash: holderHash({ embeddedFor: customerId }) });
    const { sessionId } = plain;
    const more = { sessionId, mode: "embedded", returnUrl: null, openings: [opening], ...changes } as const;
    const { session, ticket } = await store(customerId, more);
    return { state: state.text, cookie: "", ...issue(session), ticket, session };
  };

  const snapshot = () => structuredClone({ ...world.memory, itemsRead: 0 });

  /** Sends what nobody should get through with; says what it has done, nothing where it was refused. */
  const attack = async (attempt: Attempt, secrets: readonly string[]): Promise<string | undefined> => {
    const [before, sentBefore] = [snapshot(), sent];
    const reply = await send(attempt);
    const { statusCode, body, cookies } = reply;
    if (statusCode >= 500) return `answered ${statusCode}`;
    if (statusCode < 400) return `was let in with ${statusCode}`;
    if (sent !== sentBefore) return "sent a code to Finch";
    if (!isDeepStrictEqual(snapshot(), before)) return "changed what is stored";
    if (cookies !== undefined) return "was given a cookie";
    return secrets.some((text) => body.includes(text)) ? "was told what it should not know" : undefined;
  };

  return {
    ...world,
    send,
    attack,
    openInBrowser,
    openAgain,
    startEmbedded,
    /** How many codes Finch was sent. */
    sent: () => sent,
    /** Finch answers no code until what is returned is called. */
    holdFinch: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return () => {
        gate = undefined;
        resolve();
      };
    },
  };
};
