import { describe, expect, it } from "vitest";
import { operation as listSessions } from "#generated/operations/list-connect-sessions.js";
import { operation as listConnections } from "#generated/operations/list-connections.js";
import { operation as listCustomers } from "#generated/operations/list-customers.js";
import type { ConnectionStore, CustomerStore, SessionStore } from "#shared/connection/store-ports.ts";
import { createHandler as createListSessions } from "../../../functions/list-connect-sessions/handler.ts";
import { createHandler as createListConnections } from "../../../functions/list-connections/handler.ts";
import { createHandler as createListCustomers } from "../../../functions/list-customers/handler.ts";
import {
  type Asked,
  aConnection,
  aCustomer,
  acme,
  aSession,
  ask,
  codeOf,
  connectionId,
  recordLog,
  sessionId,
  surroundings,
  time,
} from "./support.ts";

const { log } = recordLog();
const path = { customer_id: acme };
const at = time.toISOString();

/** Each list over a store that gives one page and keeps what it was asked for. */
const customersThat = (page: Awaited<ReturnType<CustomerStore["list"]>>) => {
  const asked: unknown[] = [];
  const handler = createListCustomers({
    log,
    customers: {
      list: async (query) => {
        asked.push(query);
        return page;
      },
    },
  });
  return { asked, ask: (request: Asked = {}) => ask(handler, listCustomers, request) };
};

const sessionsThat = (page: Awaited<ReturnType<SessionStore["list"]>>, known = true) => {
  const asked: unknown[] = [];
  let looks = 0;
  const handler = createListSessions({
    ...surroundings,
    log,
    customers: {
      find: async () => {
        looks++;
        return known ? aCustomer() : undefined;
      },
    },
    sessions: {
      list: async (_, query) => {
        asked.push(query);
        return page;
      },
    },
  });
  return { asked, looks: () => looks, ask: (request: Asked = {}) => ask(handler, listSessions, { path, ...request }) };
};

const connectionsThat = (page: Awaited<ReturnType<ConnectionStore["list"]>>, known = true) => {
  const asked: unknown[] = [];
  let looks = 0;
  const handler = createListConnections({
    log,
    customers: {
      find: async () => {
        looks++;
        return known ? aCustomer() : undefined;
      },
    },
    connections: {
      list: async (_, query) => {
        asked.push(query);
        return page;
      },
    },
  });
  return {
    asked,
    looks: () => looks,
    ask: (request: Asked = {}) => ask(handler, listConnections, { path, ...request }),
  };
};

describe("the list of customers", () => {
  it("has 50 unless told, and goes on where its cursor says", async () => {
    const { ask, asked } = customersThat({ items: [aCustomer()], next: { createdAt: at, customerId: acme } });
    const first = await ask();
    expect(first.body["customers"]).toEqual([expect.objectContaining({ customer_id: acme, created_at: at })]);
    await ask({ query: { limit: "7", cursor: String(first.body["next_cursor"]) } });
    expect(asked).toEqual([
      { limit: 50, from: undefined },
      { limit: 7, from: { createdAt: at, customerId: acme } },
    ]);
  });

  it("is empty where there is nobody", async () => {
    expect((await customersThat({ items: [], next: undefined }).ask()).body).toEqual({
      customers: [],
      next_cursor: null,
    });
  });
});

describe("the list of a customer's sessions", () => {
  it("shows each without what leads into it, and goes on where its cursor says", async () => {
    const { ask, asked, looks } = sessionsThat({ items: [aSession()], next: { createdAt: at, sessionId } });
    const first = await ask();
    expect(first.body["connect_sessions"]).toEqual([expect.objectContaining({ session_id: sessionId })]);
    expect(first.text).not.toMatch(/state"|connect_url|hash/);
    await ask({ query: { cursor: String(first.body["next_cursor"]) } });
    expect(asked).toEqual([
      { limit: 50, from: undefined },
      { limit: 50, from: { createdAt: at, sessionId } },
    ]);
    expect(looks()).toBe(0);
  });

  it("tells an unknown customer from one without sessions, by one more read", async () => {
    const nothing = { items: [], next: undefined };
    expect((await sessionsThat(nothing, true).ask()).body).toEqual({ connect_sessions: [], next_cursor: null });
    const unknown = sessionsThat(nothing, false);
    expect(codeOf(await unknown.ask())).toBe("not_found");
    expect(unknown.looks()).toBe(1);
  });
});

describe("the list of a customer's connections", () => {
  it("filters, and goes on where its cursor says", async () => {
    const { ask, asked, looks } = connectionsThat({ items: [aConnection()], next: { listedAt: at, connectionId } });
    const first = await ask({ query: { status: "held" } });
    await ask({ query: { cursor: String(first.body["next_cursor"]), provider_id: "gusto" } });
    expect(asked).toEqual([
      { limit: 50, from: undefined, status: "held", providerId: undefined },
      { limit: 50, from: { listedAt: at, connectionId }, status: undefined, providerId: "gusto" },
    ]);
    expect(looks()).toBe(0);
  });

  it("asks for the customer only where nothing at all was found", async () => {
    const unknown = connectionsThat({ items: [], next: undefined }, false);
    expect(codeOf(await unknown.ask())).toBe("not_found");
    expect((await connectionsThat({ items: [], next: undefined }).ask()).status).toBe(200);
    const filtered = connectionsThat({ items: [], next: { listedAt: at, connectionId } }, false);
    expect((await filtered.ask({ query: { status: "reauth" } })).status).toBe(200);
    expect(filtered.looks()).toBe(0);
  });
});

describe("a cursor that no page has given out", () => {
  it.each(["AAAA", Buffer.from(`${at} a b`).toString("base64url"), Buffer.from(`2026 ${acme}`).toString("base64url")])(
    "is refused: %s",
    async (cursor) => {
      const replies = await Promise.all([
        customersThat({ items: [], next: undefined }).ask({ query: { cursor } }),
        sessionsThat({ items: [], next: undefined }).ask({ query: { cursor } }),
        connectionsThat({ items: [], next: undefined }).ask({ query: { cursor } }),
      ]);
      for (const reply of replies) expect([reply.status, reply.body.errors?.[0]?.field]).toEqual([400, "query.cursor"]);
    },
  );
});
