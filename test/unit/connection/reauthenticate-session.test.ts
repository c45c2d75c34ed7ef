/** A Connect session in which a customer signs one connection in again; and any session that is embedded. */
import { describe, expect, it } from "vitest";
import { parseCapability } from "#shared/connection/capability.ts";
import { type ConnectSession, holderHash } from "#shared/connection/connect-session.ts";
import {
  type ConnectSessionRequest,
  createConnectSession,
  createReauthenticateSession,
  type ReauthenticateSessionRequest,
} from "#shared/connection/create-connect-session.ts";
import type { NewSessionAnswer } from "#shared/connection/finch-port.ts";
import { aDisconnect, minute, newConnectionId, newCustomerId, noon } from "../../support/builders.ts";
import { createSetting, redirectUri } from "./setting.ts";

const created = {
  kind: "created",
  connectUrl: "https://connect.finch.example/authorize?session=7",
  finchSessionId: "session-at-finch",
} as const satisfies NewSessionAnswer;
const returnOrigins = ["https://app.example"];

const createStage = async (changes: Parameters<ReturnType<typeof createSetting>["connect"]>[1] = {}) => {
  const setting = createSetting();
  const customerId = await setting.createCustomer("acme");
  const { connectionId } = await setting.connect(customerId, { providerId: "bamboo_hr", ...changes });
  const deps = { ...setting.deps, publicUrl: "https://perch.example", returnOrigins };
  const common = { customerId, mode: "redirect", returnUrl: null, minutesToExpire: 20 } as const;
  const again = (asked: Partial<ReauthenticateSessionRequest> = {}) =>
    createReauthenticateSession(deps)({ ...common, connectionId, products: null, ...asked });
  const create = (asked: Partial<ConnectSessionRequest> = {}) =>
    createConnectSession(deps)({
      ...common,
      ...{ products: ["company"], integration: null, requireAcceptance: true, sandbox: "provider" as const },
      ...asked,
    });
  return { ...setting, customerId, connectionId, again, create };
};

describe("a session that signs a connection in again", () => {
  it("is made at Finch for that connection, and remembered as such", async () => {
    const { again, finch, customerId, connectionId, sessions, now } = await createStage();
    finch.willAnswerSession(created);
    const result = await again({ returnUrl: "https://app.example/back" });
    if (!result.ok) return expect.fail(result.refusal.reason);
    const { session, connectUrl, embedded } = result.value;
    expect(await sessions.find(session.sessionId)).toEqual(session);
    expect(session).toMatchObject({
      ...{ customerId, reauthenticates: connectionId, requireAcceptance: false, products: [], version: 1 },
      integration: { provider: "bamboo_hr", authMethod: null },
      expiresAt: new Date(now().getTime() + 20 * minute),
      returnUrl: "https://app.example/back",
    });
    expect(finch.calls).toEqual([
      {
        operation: "createReauthentication",
        session: { connectionId, products: null, minutesToExpire: 20, redirectUri },
      },
    ]);
    expect([parseCapability(connectUrl?.split("/").at(-1) ?? "")?.hash, embedded]).toEqual([session.ticketHash, null]);
  });

  it("asks for other products where they are named", async () => {
    const { again, finch } = await createStage();
    finch.willAnswerSession(created);
    expect(await again({ products: ["payment"] })).toMatchObject({ value: { session: { products: ["payment"] } } });
    expect(finch.calls).toMatchObject([{ session: { products: ["payment"] } }]);
  });

  it("may be of a connection that is held", async () => {
    const { again, finch } = await createStage({ heldReason: "customer_mismatch" });
    finch.willAnswerSession(created);
    expect(await again()).toMatchObject({ ok: true });
  });

  it.each<[string, Partial<ReauthenticateSessionRequest>]>([
    ["customer_unknown", { customerId: newCustomerId() }],
    ["connection_unknown", { connectionId: newConnectionId() }],
    ["return_url_not_allowed", { returnUrl: "https://evil.example/" }],
  ])("is refused as %s, without a word to Finch", async (reason, asked) => {
    const { again, finch, memory } = await createStage();
    finch.willAnswerSession(created);
    const refusal = reason === "return_url_not_allowed" ? { reason, origins: returnOrigins } : { reason };
    expect(await again(asked)).toEqual({ ok: false, refusal });
    expect([finch.calls, memory.sessions.size]).toEqual([[], 0]);
  });

  it("is refused while the connection is being ended", async () => {
    const { again, finch } = await createStage({ disconnect: aDisconnect() });
    finch.willAnswerSession(created);
    expect(await again()).toEqual({ ok: false, refusal: { reason: "connection_disconnecting" } });
    expect(finch.calls).toEqual([]);
  });

  it("is not stored where Finch makes none", async () => {
    const { again, finch, memory } = await createStage();
    const answer: NewSessionAnswer = { kind: "undecided", reason: "timeout" };
    finch.willAnswerSession(answer);
    expect(await again()).toEqual({ ok: false, refusal: { reason: "finch", answer } });
    expect(memory.sessions.size).toBe(0);
  });
});

describe("a session of a customer that is being deleted", () => {
  it.each(["again", "create"] as const)("is refused without a word to Finch: %s", async (which) => {
    const stage = await createStage();
    const { customerId, finch, memory, deletions } = stage;
    const customer = (await stage.customers.find(customerId)) ?? expect.fail();
    const deletionId = "0199a2b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b" as Parameters<typeof deletions.find>[0];
    memory.customers.set(customerId, { ...customer, deletion: { deletionId, requestedAt: noon } });
    finch.willAnswerSession(created);
    expect(await stage[which]()).toEqual({ ok: false, refusal: { reason: "customer_deleting" } });
    expect(finch.calls).toEqual([]);
  });
});

describe("a session that is embedded", () => {
  it.each(["again", "create"] as const)("has no link, and one opening that is the customer's: %s", async (which) => {
    const stage = await createStage();
    const { customerId, finch, now } = stage;
    finch.willAnswerSession(created);
    const result = await stage[which]({ mode: "embedded" });
    if (!result.ok) return expect.fail(result.refusal.reason);
    const { session, connectUrl, embedded } = result.value;
    expect(connectUrl).toBeNull();
    expect(embedded).toEqual({ finchSessionId: "session-at-finch", state: expect.any(String) });
    const stateHash = parseCapability(embedded?.state ?? "")?.hash;
    const openings: ConnectSession["openings"] = [
      { stateHash: stateHash ?? "", holderHash: holderHash({ embeddedFor: customerId }), openedAt: now() },
    ];
    expect([session.openings, session.mode]).toEqual([openings, "embedded"]);
    expect(finch.calls).toMatchObject([{ session: { redirectUri: null } }]);
  });
});

it("is refused for a customer that is deleted while Finch makes the session", async () => {
  const { create, finch, memory, customerId } = await createStage();
  finch.willAnswerSession(() => {
    memory.customers.delete(customerId);
    return created;
  });
  expect(await create()).toEqual({ ok: false, refusal: { reason: "customer_unknown" } });
});
