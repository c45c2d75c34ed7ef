/** A token that its connection has already, and a claim that another attempt has overtaken: how the session ends. */
import { describe, expect, it } from "vitest";
import { hashOf } from "#shared/connection/capability.ts";
import { aGrant, aTokenRecord } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const createStage = async () => {
  const setting = createSetting();
  return { ...setting, acme: await setting.createCustomer("acme") };
};

describe("the same token by a session, of a connection that has it", () => {
  const createKnown = async (changes: Parameters<Awaited<ReturnType<typeof createStage>>["connect"]>[1] = {}) => {
    const stage = await createStage();
    const grant = aGrant();
    const tokens = [aTokenRecord({ fingerprint: hashOf(grant.accessToken.reveal()) })];
    const connection = await stage.connect(stage.acme, { connectionId: grant.connectionId, tokens, ...changes });
    return { ...stage, grant, connection };
  };

  it.each([
    ["is reconnected by it, if that is what it is for", {}, true, "reconnected"],
    ["is known, if it would come into use: it is as it was", { heldReason: "wrong_account" }, false, "known"],
  ] as const)("%s", async (_, changes, isReauthentication, outcome) => {
    const { bring, grant, connection, connections, acme } = await createKnown(changes);
    const reauthenticates = isReauthentication ? grant.connectionId : null;
    expect(await bring(acme, grant, { reauthenticates })).toMatchObject({ status: "completed", outcome });
    expect(await connections.find(acme, grant.connectionId)).toEqual(connection);
  });

  it("leaves what was said of the session meanwhile", async () => {
    const { acme, grant, openSession, exchange, finch, sessions, now } = await createKnown();
    const { session, state } = await openSession(acme);
    finch.willAnswerExchange(async () => {
      const exchanging = (await sessions.find(session.sessionId)) ?? expect.fail();
      const end = { status: "failed", reason: "token_lost" } as const;
      await sessions.end(exchanging, { end, token: null, now: now(), events: [] });
      return { kind: "granted", grant };
    });
    const stored = () => sessions.find(session.sessionId);
    expect(await exchange(state)).toEqual({ status: "ended", session: await stored() });
    expect(await stored()).toMatchObject({ status: "failed", failureReason: "token_lost" });
  });
});

describe("a claim that another attempt has overtaken", () => {
  it("ends the session as that attempt has begun it again", async () => {
    const { acme, openSession, exchange, finch, memory, sessions } = await createStage();
    const { session, state } = await openSession(acme);
    finch.willAnswerExchange(async () => {
      const exchanging = memory.sessions.get(session.sessionId) ?? expect.fail();
      memory.sessions.set(session.sessionId, { ...exchanging, version: exchanging.version + 1 });
      return { kind: "granted", grant: aGrant() };
    });
    expect(await exchange(state)).toMatchObject({ status: "ended", session: { status: "completed" } });
    expect(await sessions.find(session.sessionId)).toMatchObject({ status: "completed", outcome: "connected" });
  });

  it("is decided anew where the connection that was in its way has gone", async () => {
    const { acme, deps, openSession, exchange, finch, connections, memory } = await createStage();
    const { state } = await openSession(acme);
    finch.willAnswerExchange({ kind: "granted", grant: aGrant() });
    let claims = 0;
    const claim: typeof connections.claim = async (asked) => {
      claims += 1;
      if (claims > 1) return connections.claim(asked);
      return { ok: false, refusal: { reason: "connection_changed", connection: undefined } };
    };
    const dependencies = { ...deps, connections: { ...connections, claim } };
    expect(await exchange(state, {}, { dependencies })).toMatchObject({ session: { outcome: "connected" } });
    expect(memory.tokens.size).toBe(1);
  });

  it("is decided anew where the connection that it would add to is removed meanwhile", async () => {
    const { acme, deps, openSession, exchange, finch, connections, connect, memory } = await createStage();
    const grant = aGrant();
    const former = await connect(acme, { connectionId: grant.connectionId });
    const { state } = await openSession(acme);
    finch.willAnswerExchange({ kind: "granted", grant });
    let claims = 0;
    const claim: typeof connections.claim = async (asked) => {
      claims += 1;
      // By the second, the first has told of it.
      if (claims === 2) await connections.remove(former, { tombstone: null, counts: true, events: [] });
      return connections.claim(asked);
    };
    const dependencies = { ...deps, connections: { ...connections, claim } };
    expect(await exchange(state, {}, { dependencies })).toMatchObject({ session: { outcome: "connected" } });
    expect([claims, memory.tokens.size]).toEqual([3, 1]);
  });
});
