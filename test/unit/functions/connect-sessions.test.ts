import { describe, expect, it } from "vitest";
import { operation as createOperation } from "#generated/operations/create-connect-session.js";
import { operation as reauthenticateOperation } from "#generated/operations/create-reauthenticate-session.js";
import { operation as getOperation } from "#generated/operations/get-connect-session.js";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { NewFinchReauthentication, NewFinchSession, NewSessionAnswer } from "#shared/connection/finch-port.ts";
import { ok } from "#shared/result.ts";
import { createHandler as createCreate } from "../../../functions/create-connect-session/handler.ts";
import { createHandler as createReauthenticate } from "../../../functions/create-reauthenticate-session/handler.ts";
import { createHandler as createGet } from "../../../functions/get-connect-session/handler.ts";
import {
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

const created: NewSessionAnswer = {
  kind: "created",
  connectUrl: "https://connect.example.com/authorize?session=1",
  finchSessionId: "finch-session-1",
};

const setting = (answer: NewSessionAnswer = created, connection: Connection | null = aConnection()) => {
  const { log, lines } = recordLog();
  const kept: ConnectSession[] = [];
  const sent: (NewFinchSession | NewFinchReauthentication)[] = [];
  const deps = {
    ...surroundings,
    log,
    customers: { find: async () => aCustomer() },
    connections: { find: async () => connection ?? undefined },
    sessions: { create: async (session: ConnectSession) => ok(void kept.push(session)) },
    finch: {
      createSession: async (session: NewFinchSession) => {
        sent.push(session);
        return answer;
      },
      createReauthentication: async (session: NewFinchReauthentication) => {
        sent.push(session);
        return answer;
      },
    },
    publicUrl: "https://perch.example.com",
    redirectUri: "https://perch.example.com/connect/callback",
    returnOrigins: ["https://app.example.com"],
  };
  const create = createCreate(deps);
  const reauthenticate = createReauthenticate(deps);
  return {
    kept,
    sent,
    lines,
    create: (body: unknown) => ask(create, createOperation, { path: { customer_id: acme }, body }),
    reauthenticate: (body?: unknown) =>
      ask(reauthenticate, reauthenticateOperation, {
        path: { customer_id: acme, connection_id: connectionId },
        body,
      }),
  };
};

describe("starting a session", () => {
  it("gives a link in mode redirect, and neither state nor Finch's id", async () => {
    const { create, kept } = setting();
    const reply = await create({ products: ["company"], require_acceptance: true });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      mode: "redirect",
      purpose: "connect",
      reauthenticates: null,
      require_acceptance: true,
      finch_session_id: null,
      state: null,
      connect_url: expect.stringMatching(/^https:\/\/perch\.example\.com\/connect\/[\w-]{64}$/),
    });
    expect(kept).toEqual([expect.objectContaining({ mode: "redirect", requireAcceptance: true })]);
  });

  it("gives what Finch's SDK is opened with in mode embedded, and no link", async () => {
    const { create, kept, sent, lines } = setting();
    const reply = await create({ products: ["company"], mode: "embedded" });
    const { state, finch_session_id, connect_url } = reply.body;
    expect([finch_session_id, connect_url]).toEqual(["finch-session-1", null]);
    expect(state).toMatch(/^[\w-]{64}$/);
    expect(sent).toEqual([expect.objectContaining({ redirectUri: null })]);
    expect(JSON.stringify([kept, lines])).not.toContain(state);
  });

  it.each(["create", "reauthenticate"] as const)("has no use for a return_url in mode embedded: %s", async (which) => {
    const body = { mode: "embedded", return_url: "https://app.example.com/" };
    const reply = await setting()[which](which === "create" ? { ...body, products: ["company"] } : body);
    expect([reply.status, reply.body.errors?.map(({ field }) => field)]).toEqual([400, ["body.return_url"]]);
  });

  it("is refused for another origin and another mode", async () => {
    const { create, sent } = setting();
    const elsewhere = await create({ products: ["company"], return_url: "https://evil.example/" });
    expect([codeOf(elsewhere), elsewhere.body.errors?.[0]?.field]).toEqual([
      "return_url_not_allowed",
      "body.return_url",
    ]);
    expect((await create({ products: ["company"], mode: "popup" })).body.errors?.[0]?.field).toBe("body.mode");
    expect(sent).toEqual([]);
  });
});

describe("a session that signs a connection in again", () => {
  it("takes no body at all, or says how", async () => {
    const { reauthenticate, sent } = setting();
    const reply = await reauthenticate();
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      purpose: "reauthenticate",
      reauthenticates: connectionId,
      integration: { provider: "gusto" },
      expires_at: new Date(time.getTime() + 86_400_000).toISOString(),
    });
    await reauthenticate({ products: ["directory"], mode: "embedded", minutes_to_expire: 5 });
    expect(sent).toEqual([
      {
        connectionId,
        products: null,
        minutesToExpire: 1440,
        redirectUri: "https://perch.example.com/connect/callback",
      },
      { connectionId, products: ["directory"], minutesToExpire: 5, redirectUri: null },
    ]);
  });

  it("is not started for an unknown connection, nor for one that is being disconnected", async () => {
    const unknown = setting(created, null);
    expect(codeOf(await unknown.reauthenticate())).toBe("not_found");
    expect(unknown.sent).toEqual([]);
    const disconnect = { reason: "requested", requestedAt: time, attempts: 0, nextAttemptAt: time } as const;
    expect(codeOf(await setting(created, aConnection({ disconnect })).reauthenticate())).toBe(
      "connection_disconnecting",
    );
  });

  it("tells what Finch refuses", async () => {
    const reply = await setting({ kind: "refused", message: "no such product" }).reauthenticate();
    expect([codeOf(reply), reply.body["detail"]]).toEqual([
      "invalid_request",
      "Finch does not accept this session: no such product",
    ]);
    expect((await setting({ kind: "undecided", reason: "rate_limited" }).reauthenticate()).status).toBe(503);
  });
});

describe("reading a session", () => {
  it("tells the outcome and never the way in", async () => {
    const session = aSession({
      status: "completed",
      outcome: "pending",
      connectionId,
      endedAt: time,
      mode: "embedded",
    });
    const handler = createGet({ ...surroundings, log: recordLog().log, sessions: { find: async () => session } });
    const reply = await ask(handler, getOperation, { path: { customer_id: acme, session_id: sessionId } });
    expect(reply.body).toMatchObject({ outcome: "pending", connection_id: connectionId, purpose: "connect" });
    expect(Object.keys(reply.body)).not.toContain("state");
    expect(Object.keys(reply.body)).not.toContain("finch_session_id");
  });

  it("knows another customer's session as little as none", async () => {
    const read = (session: ConnectSession | undefined, customer_id: string) => {
      const handler = createGet({ ...surroundings, log: recordLog().log, sessions: { find: async () => session } });
      return ask(handler, getOperation, { path: { customer_id, session_id: sessionId } });
    };
    const none = await read(undefined, "globex");
    expect(none.status).toBe(404);
    expect((await read(aSession(), "globex")).text).toBe(none.text);
    expect((await read(aSession(), acme)).status).toBe(200);
  });
});
