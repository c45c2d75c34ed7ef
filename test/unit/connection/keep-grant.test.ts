/** What becomes of a token that Finch issued, whatever is true of its connection and its customer. */
import { describe, expect, it } from "vitest";
import { hashOf } from "#shared/connection/capability.ts";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { HeldReason } from "#shared/connection/connection.ts";
import { secret } from "#shared/secret.ts";
import { aGrant, nthVersion } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const held = (heldReason: HeldReason) => ({ heldReason }) as const;

const inUse = { heldReason: null, disconnect: null };

const createStage = async (mode: "single" | "multiple" = "multiple") => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme", mode);
  const globex = await setting.createCustomer("globex");
  const store = (grant: Parameters<typeof aGrant>[0] = {}, changes: Partial<ConnectSession> = {}) =>
    setting.bring(acme, aGrant(grant), changes);
  const eventTypes = () => setting.events().map((event) => event.type);
  return { ...setting, acme, globex, store, eventTypes };
};

describe("a token of a connection that is new", () => {
  it("makes a connection of the session's customer", async () => {
    const { store, acme, connections, sessions, customers, vault, events } = await createStage();
    const grant = aGrant({ entityIds: ["e1", "e2"], companyId: null });
    const ended = await store(grant);
    const { connectionId } = grant;
    expect(ended).toMatchObject({ status: "completed", outcome: "connected", connectionId, failureReason: null });
    expect(await sessions.find(ended.sessionId)).toEqual(ended);
    const connection = await connections.find(acme, connectionId);
    expect(connection).toMatchObject({ finchStatus: "connected", ...inUse, version: nthVersion(1), companyId: null });
    expect(connection?.entities.map(({ id }) => id)).toEqual(["e1", "e2"]);
    expect(await customers.find(acme)).toMatchObject({ connectionCount: 1 });
    const subject = { kind: "connection", id: connectionId, version: nthVersion(1) };
    const detail = { provider_id: "gusto", status: "connected" };
    expect(events()).toMatchObject([{ type: "ConnectionCreated", customerId: acme, subject }]);
    expect(events()[0]?.detail).toEqual(detail);
    const [token] = connection?.tokens ?? [];
    const sealed = token && (await connections.findToken(acme, connectionId, token.tokenId));
    const context = { customerId: acme, connectionId };
    expect((await vault.open(sealed?.sealed ?? expect.fail(), context)).reveal()).toBe(grant.accessToken.reveal());
    expect(token?.fingerprint).toBe(hashOf(grant.accessToken.reveal()));
  });

  it("is held for the customer that Finch names, if there is such a one", async () => {
    const { store, acme, globex, connections, customers, events, eventTypes } = await createStage();
    const grant = aGrant({ customerId: globex });
    expect(await store(grant)).toMatchObject({
      status: "failed",
      failureReason: "connection_conflict",
      connectionId: null,
      tokenId: null,
    });
    expect(await connections.find(acme, grant.connectionId)).toBeUndefined();
    expect(await connections.find(globex, grant.connectionId)).toMatchObject(held("customer_mismatch"));
    expect(await customers.find(globex)).toMatchObject({ connectionCount: 0 });
    expect(eventTypes()).toEqual(["ConnectionHeld", "ConnectionConflict", "ConnectSessionFailed"]);
    // What the session's customer is told names no other.
    expect(JSON.stringify(events().filter((event) => event.customerId === acme))).not.toContain(globex);
  });

  it.each(["nobody-we-know", "not/an id", ""])("is dropped when Finch names %j", async (customerId) => {
    const { store, acme, connections, events, memory } = await createStage();
    const grant = aGrant({ customerId });
    expect(await store(grant)).toMatchObject({ status: "failed", failureReason: "customer_mismatch" });
    expect(await connections.find(acme, grant.connectionId)).toBeUndefined();
    expect([memory.tokens.size, memory.owners.size]).toEqual([0, 0]);
    expect(events()).toMatchObject([
      { type: "ConnectionConflict", detail: { reason: "customer_mismatch", connection_id: grant.connectionId } },
      { type: "ConnectSessionFailed", customerId: acme },
    ]);
  });

  it("is disconnected when it is one too many for mode single", async () => {
    const { store, acme, connect, connections, customers, events, eventTypes, now } = await createStage("single");
    await connect(acme);
    const grant = aGrant();
    expect(await store(grant)).toMatchObject({
      status: "failed",
      failureReason: "connection_limit",
      connectionId: null,
    });
    expect(await connections.find(acme, grant.connectionId)).toMatchObject({
      disconnect: { reason: "connection_limit", attempts: 0, nextAttemptAt: now() },
      heldReason: null,
    });
    expect(await customers.find(acme)).toMatchObject({ connectionCount: 1 });
    expect(eventTypes().slice(1)).toEqual(["ConnectionCreated", "ConnectSessionFailed"]);
    expect(events()[1]).toMatchObject({ detail: { status: "disconnecting" } });
  });
});

describe("a token of a connection that is there", () => {
  it("is one more of the session's customer's, whomever Finch names, and the session ends as known", async () => {
    for (const names of ["acme", "globex", "nobody"] as const) {
      const { store, acme, globex, connect, connections, eventTypes } = await createStage("single");
      const { connectionId, tokens } = await connect(acme, { finchStatus: "reauth" });
      const customerId = { acme, globex, nobody: null }[names];
      const ended = await store({ connectionId, customerId, entityIds: ["entity-2"] });
      expect(ended).toMatchObject({ status: "completed", outcome: "known", connectionId });
      const connection = await connections.find(acme, connectionId);
      expect(connection).toMatchObject({ finchStatus: "connected", version: nthVersion(2) });
      expect(connection?.tokens.map(({ tokenId }) => tokenId)).toEqual([tokens[0]?.tokenId, ended.tokenId]);
      expect(connection?.entities.map(({ id }) => id)).toEqual(["entity-1", "entity-2"]);
      expect(eventTypes()).toEqual(["ConnectionCreated", "ConnectionUpdated"]);
    }
  });

  it.each([
    ["owns", {}],
    ["holds", held("customer_mismatch")],
  ])("is dropped when another customer %s it, also one that Finch names", async (_, changes) => {
    for (const names of ["owner", "session's customer", "nobody"] as const) {
      const { store, acme, globex, connect, connections, memory, events, finch } = await createStage();
      const connection = await connect(globex, changes);
      const { connectionId } = connection;
      const customerId = { owner: globex, "session's customer": acme, nobody: null }[names];
      const ended = await store({ connectionId, customerId });
      expect(ended).toMatchObject({ status: "failed", failureReason: "connection_conflict", connectionId: null });
      expect(await connections.find(globex, connectionId)).toEqual(connection);
      expect(await connections.find(acme, connectionId)).toBeUndefined();
      expect(memory.tokens.size).toBe(1);
      // A disconnect would cut the owner off.
      expect(finch.calls.map(({ operation }) => operation)).toEqual(["exchangeCode"]);
      const told = events().slice(1);
      expect(told.map(({ type }) => type)).toEqual(["ConnectionConflict", "ConnectSessionFailed"]);
      expect(JSON.stringify([told, ended])).not.toContain(globex);
    }
  });

  it.each(["customer_mismatch", "wrong_account"] as const)(
    "takes one held for its own customer (%s) into use",
    async (reason) => {
      const { store, acme, connect, connections, customers, eventTypes } = await createStage();
      const { connectionId } = await connect(acme, held(reason));
      expect(await store({ connectionId })).toMatchObject({ status: "completed", outcome: "connected" });
      expect(await connections.find(acme, connectionId)).toMatchObject({ ...inUse, version: nthVersion(2) });
      expect(await customers.find(acme)).toMatchObject({ connectionCount: 1 });
      expect(eventTypes().at(-1)).toBe("ConnectionCreated");
    },
  );

  it("leaves one held for its own customer held, while Finch names another", async () => {
    const { store, acme, globex, connect, connections, customers } = await createStage();
    const { connectionId } = await connect(acme, held("acceptance_required"));
    const ended = await store({ connectionId, customerId: globex });
    expect(ended).toMatchObject({ status: "failed", failureReason: "connection_conflict" });
    const connection = await connections.find(acme, connectionId);
    expect(connection).toMatchObject({ ...held("acceptance_required"), version: nthVersion(2) });
    expect(connection?.tokens).toHaveLength(2);
    expect(await customers.find(acme)).toMatchObject({ connectionCount: 0 });
  });

  it("leaves one held that mode single has no room for", async () => {
    const { store, acme, connect, connections } = await createStage("single");
    await connect(acme);
    const { connectionId } = await connect(acme, held("customer_mismatch"));
    expect(await store({ connectionId })).toMatchObject({ failureReason: "connection_limit" });
    expect(await connections.find(acme, connectionId)).toMatchObject(held("customer_mismatch"));
  });
});

describe("a token that Perch may not keep", () => {
  it("is dropped when it is of another kind of application", async () => {
    const { store, memory, eventTypes } = await createStage();
    expect(await store({ clientType: "production" })).toMatchObject({ failureReason: "wrong_client_type" });
    expect(memory.tokens.size).toBe(0);
    expect(eventTypes()).toEqual(["ConnectSessionFailed"]);
  });

  it.each([
    [4096, "completed"],
    [4097, "failed"],
  ])("of %i bytes ends the session as %s", async (bytes, status) => {
    const { store, memory } = await createStage();
    // Two bytes a sign: it is bytes that count.
    const accessToken = secret("é".repeat(Math.floor(bytes / 2)) + "x".repeat(bytes % 2));
    const ended = await store({ accessToken });
    expect(ended).toMatchObject({ status, failureReason: status === "failed" ? "token_too_large" : null });
    expect(memory.tokens.size).toBe(status === "completed" ? 1 : 0);
  });
});
