/** What a customer that is being deleted refuses, and what still reaches it. */
import { describe, expect, it } from "vitest";
import { createCapability } from "#shared/connection/capability.ts";
import { acceptConnection, requestDisconnect } from "#shared/connection/change-connection.ts";
import { createConnectSession, createReauthenticateSession } from "#shared/connection/create-connect-session.ts";
import { deleteCustomer } from "#shared/connection/delete-customer.ts";
import { driveDeletion } from "#shared/connection/drive-deletion.ts";
import type { SessionId } from "#shared/connection/identifiers.ts";
import { importConnection } from "#shared/connection/import-connection.ts";
import { openConnectSession } from "#shared/connection/open-connect-session.ts";
import { secret } from "#shared/secret.ts";
import { aGrant, anIntrospection, minute } from "../../support/builders.ts";
import { ownClientId } from "../../support/memory/finch.ts";
import { createDeletionSetting as createStage } from "./deletion-setting.ts";

const aRequest = { mode: "redirect", returnUrl: null, minutesToExpire: 60 } as const;

describe("a customer that is being deleted", () => {
  it("gets no new session, and Finch is not asked for one", async () => {
    const { deps, acme, connect, remove, finch, memory } = await createStage();
    const { connectionId } = await connect(acme);
    await remove();
    const { products, requireAcceptance } = { products: ["company"], requireAcceptance: false };
    const request = {
      ...aRequest,
      customerId: acme,
      products,
      requireAcceptance,
      integration: null,
      sandbox: undefined,
    };
    const refused = { ok: false, refusal: { reason: "customer_deleting" } };
    expect(await createConnectSession(deps)(request)).toEqual(refused);
    const again = { ...aRequest, customerId: acme, connectionId, products: null };
    expect(await createReauthenticateSession(deps)(again)).toEqual(refused);
    expect([finch.calls, memory.sessions.size]).toEqual([[], 0]);
  });

  it("gets no session either whose making began before", async () => {
    const { deps, acme, remove, finch, memory } = await createStage();
    finch.willAnswerSession(async () => {
      await remove();
      return { kind: "created", connectUrl: "https://connect.finch.example/authorize", finchSessionId: "finch" };
    });
    const request = { ...aRequest, customerId: acme, products: ["company"], requireAcceptance: false };
    const created = await createConnectSession(deps)({ ...request, integration: null, sandbox: undefined });
    expect(created).toEqual({ ok: false, refusal: { reason: "customer_deleting" } });
    expect(memory.sessions.size).toBe(0);
  });

  it("begins no exchange once the deletion is answered, and Finch does not get the code", async () => {
    const { acme, openSession, exchange, remove, finch, sessions } = await createStage();
    const { session, state } = await openSession(acme);
    await remove();
    expect(await exchange(state)).toEqual({ status: "refused", reason: "unknown" });
    expect(finch.calls).toEqual([]);
    expect(await sessions.find(session.sessionId)).toMatchObject({ status: "cancelled", openings: [] });
  });

  it("leads nobody to Finch any more, at once", async () => {
    const { deps, acme, openSession, remove } = await createStage();
    const ticket = createCapability("0199a2b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b" as SessionId, new Uint8Array(32));
    await openSession(acme, { sessionId: ticket.sessionId, ticketHash: ticket.hash });
    expect(await openConnectSession(deps)(ticket.text, undefined)).toMatchObject({ kind: "to_finch" });
    await remove();
    expect(await openConnectSession(deps)(ticket.text, undefined)).toEqual({ kind: "ended" });
  });

  it("takes the token of an exchange that began between its mark and the end of its sessions", async () => {
    const { deps, acme, openSession, exchange, finch, finish, stored, events } = await createStage();
    const { state } = await openSession(acme);
    finch.willAnswerExchange({ kind: "granted", grant: aGrant() });
    const sessions: typeof deps.deletions.sessions = async (...asked) => {
      expect(await exchange(state)).toMatchObject({ session: { status: "completed" } });
      return deps.deletions.sessions(...asked);
    };
    const removed = await deleteCustomer({ ...deps, deletions: { ...deps.deletions, sessions } })(acme);
    await finish(removed.ok ? removed.value.deletionId : expect.fail());
    expect(stored()).toEqual({ customers: 0, sessions: 0, owners: 0, connections: 0, tokens: 0 });
    expect(events().map(({ type }) => type)).toContain("ConnectionDisconnected");
  });

  it("lets an undecided exchange begin again with the same code, and waits for it", async () => {
    const { acme, deps, openSession, exchange, finch, advance, remove, finish, stored } = await createStage();
    const { state } = await openSession(acme);
    const timeout = { kind: "undecided", reason: "timeout" } as const;
    finch.willAnswerExchange(timeout, timeout, { kind: "granted", grant: aGrant() });
    expect(await exchange(state, {}, { lifeMs: minute })).toMatchObject({ status: "in_progress" });
    const { deletionId } = await remove();
    expect(await driveDeletion(deps)(deletionId)).toMatchObject({ step: "waiting" });
    advance(minute);
    expect(await exchange(state)).toMatchObject({ session: { status: "completed" } });
    await finish(deletionId);
    expect(stored()).toEqual({ customers: 0, sessions: 0, owners: 0, connections: 0, tokens: 0 });
  });

  it("imports nothing, before Finch is asked and after", async () => {
    const { deps, acme, remove, finch, memory } = await createStage();
    finch.willAnswerIntrospect(async () => {
      await remove();
      return { kind: "introspected", introspection: anIntrospection({ clientId: ownClientId }) };
    });
    const refused = { ok: false, refusal: { reason: "customer_deleting" } };
    expect(await importConnection(deps)(acme, secret("a-token-of-ours"))).toEqual(refused);
    expect(await importConnection(deps)(acme, secret("a-token-of-ours"))).toEqual(refused);
    expect([memory.tokens.size, finch.calls.length]).toEqual([0, 1]);
  });

  it("accepts nothing that is held", async () => {
    const { deps, acme, connect, remove, connections } = await createStage();
    const held = await connect(acme, { heldReason: "acceptance_required" });
    await remove();
    expect(await acceptConnection(deps)(acme, held.connectionId)).toEqual({
      ok: false,
      refusal: { reason: "customer_deleting" },
    });
    expect(await connections.find(acme, held.connectionId)).toEqual(held);
  });

  it("is not put", async () => {
    const { acme, remove, putAgain, customers } = await createStage();
    await remove();
    const before = await customers.find(acme);
    expect(await putAgain()).toEqual({ ok: false, refusal: "customer_deleting" });
    expect(await customers.find(acme)).toEqual(before);
  });

  it("holds nothing that Finch names it for: the session of the other customer fails, and says so", async () => {
    const { acme, createCustomer, bring, remove, events, memory } = await createStage();
    const globex = await createCustomer("globex");
    await remove();
    const ended = await bring(globex, aGrant({ customerId: acme }));
    expect(ended).toMatchObject({ status: "failed", failureReason: "customer_mismatch" });
    expect(memory.tokens.size).toBe(0);
    expect(events().map(({ type }) => type)).toEqual(["ConnectionConflict", "ConnectSessionFailed"]);
  });

  it("takes the token that is on its way, and disconnects it", async () => {
    const { acme, openSession, exchange, finch, deps, remove, finish, stored, events } = await createStage();
    const { state } = await openSession(acme);
    let deletion: Awaited<ReturnType<typeof remove>> | undefined;
    finch.willAnswerExchange(async () => {
      deletion = await remove();
      expect(await driveDeletion(deps)(deletion.deletionId)).toMatchObject({ step: "waiting" });
      return { kind: "granted", grant: aGrant() };
    });
    expect(await exchange(state)).toMatchObject({ session: { status: "completed", outcome: "connected" } });
    await finish(deletion?.deletionId ?? expect.fail());
    expect(stored()).toEqual({ customers: 0, sessions: 0, owners: 0, connections: 0, tokens: 0 });
    expect(events().map(({ type }) => type)).toEqual([
      ...["ConnectionCreated", "ConnectionUpdated", "ConnectionDisconnected", "CustomerDeleted"],
    ]);
  });

  it("lets its connections be disconnected", async () => {
    const { deps, acme, connect, remove } = await createStage();
    const { connectionId } = await connect(acme);
    await remove();
    expect(await requestDisconnect(deps)(acme, connectionId)).toMatchObject({ ok: true });
  });
});
