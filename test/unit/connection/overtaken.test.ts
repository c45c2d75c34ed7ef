/** Callers that were overtaken between their reads and their writes: what they had read is about something that is gone. */
import { describe, expect, it } from "vitest";
import { acceptConnection, discardConnection } from "#shared/connection/change-connection.ts";
import { checkConnection } from "#shared/connection/check-connection.ts";
import { firstVersion } from "#shared/connection/connection.ts";
import { importConnection } from "#shared/connection/import-connection.ts";
import { aGrant, anIntrospection, minute, newConnectionId } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const createStage = async (...mode: ["single"] | []) => {
  const setting = createSetting();
  return { ...setting, acme: await setting.createCustomer("acme", ...mode) };
};

describe("a connection that was made anew under the same id", () => {
  it("begins with a version after all those of its former life", async () => {
    const { acme, bring, connections, deps, advance, events } = await createStage();
    const { connectionId } = aGrant();
    await bring(acme, aGrant({ connectionId }), { requireAcceptance: true });
    await bring(acme, aGrant({ connectionId }), { requireAcceptance: true });
    advance(minute);
    await discardConnection(deps)(acme, connectionId);
    await bring(acme, aGrant({ connectionId }));
    const versions = events().map(({ subject }) => subject.version);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(new Set(versions).size).toBe(4);
    const connection = await connections.find(acme, connectionId);
    expect(connection?.version).toBe(connection && firstVersion(connection.createdAt));
  });

  it("is not changed by who has read the former one: its token stays, and it is not accepted unseen", async () => {
    const { acme, bring, connections, deps, advance, memory } = await createStage();
    const { connectionId } = aGrant();
    await bring(acme, aGrant({ connectionId }), { requireAcceptance: true });
    const find: typeof connections.find = async (...ids) => {
      const read = await connections.find(...ids);
      if (memory.written.length === 1) {
        advance(minute);
        await discardConnection(deps)(acme, connectionId);
        await bring(acme, aGrant({ connectionId }), { requireAcceptance: true });
      }
      return read;
    };
    const accepted = await acceptConnection({ ...deps, connections: { ...connections, find } })(acme, connectionId);
    // It looked again, and took what is there now.
    expect(accepted).toMatchObject({ ok: true });
    const stored = await connections.find(acme, connectionId);
    expect([...memory.tokens.values()].map(({ record }) => record)).toEqual(stored?.tokens);
  });
});

it("a session that was given up meanwhile and fails otherwise is told of under a version of its own", async () => {
  const { acme, connect, openSession, exchange, finch, sessions, memory, events, now } = await createStage("single");
  await connect(acme);
  const { session, state } = await openSession(acme);
  finch.willAnswerExchange(async () => {
    const exchanging = memory.sessions.get(session.sessionId) ?? expect.fail();
    const end = { status: "failed", reason: "token_lost" } as const;
    expect(await sessions.end(exchanging, { end, token: null, now: now(), events: [] })).toBe(true);
    return { kind: "granted", grant: aGrant() };
  });
  await exchange(state);
  const stored = await sessions.find(session.sessionId);
  expect(stored).toMatchObject({ status: "failed", failureReason: "connection_limit" });
  expect(events().at(-1)).toMatchObject({ type: "ConnectSessionFailed", subject: { version: stored?.version } });
});

it("a look whose token was superseded and destroyed asks with the one that is there", async () => {
  const { acme, bring, deps, vault, finch, connections, memory } = await createStage();
  const connectionId = newConnectionId();
  await bring(acme, aGrant({ connectionId }));
  const said = anIntrospection({ connectionId });
  // Twice by the one that supersedes, once by the one that was overtaken.
  for (const _ of [1, 2, 3]) finch.willAnswerIntrospect({ kind: "introspected", introspection: said });
  let opened = 0;
  const open: typeof vault.open = async (sealed, context) => {
    opened += 1;
    if (opened > 1) return vault.open(sealed, context);
    await bring(acme, aGrant({ connectionId }));
    await checkConnection(deps)(acme, connectionId);
    expect(memory.tokens.size).toBe(1);
    throw new Error("there is no such secret");
  };
  const seen = await checkConnection({ ...deps, vault: { ...vault, open } })(acme, connectionId);
  expect(seen).toEqual({ ok: true, value: await connections.find(acme, connectionId) });
});

it("an import of a token whose connection has just been disconnected is told so", async () => {
  const { acme, bring, deps, finch, connections, now } = await createStage();
  const grant = aGrant();
  const { connectionId } = grant;
  await bring(acme, grant);
  finch.willAnswerIntrospect({ kind: "introspected", introspection: anIntrospection({ connectionId }) });
  let reads = 0;
  const find: typeof connections.find = async (...ids) => {
    reads += 1;
    const read = await connections.find(...ids);
    if (reads === 1 && read !== undefined) {
      const tombstone = { customerHash: "keyed-hash", disconnectedAt: now() };
      await connections.remove(read, { tombstone, counts: true, events: [] });
    }
    return read;
  };
  const importing = importConnection({ ...deps, connections: { ...connections, find } });
  expect(await importing(acme, grant.accessToken)).toEqual({
    ok: false,
    refusal: { reason: "connection_disconnecting" },
  });
});
