/** A Connect session, from the platform's wish to the link. */
import { describe, expect, it } from "vitest";
import { parseCapability } from "#shared/connection/capability.ts";
import { sessionStatus } from "#shared/connection/connect-session.ts";
import { type ConnectSessionRequest, createConnectSession } from "#shared/connection/create-connect-session.ts";
import type { NewSessionAnswer } from "#shared/connection/finch-port.ts";
import { minute, newCustomerId } from "../../support/builders.ts";
import { createSetting, redirectUri } from "./setting.ts";

const created = {
  kind: "created",
  connectUrl: "https://connect.finch.example/authorize?session=9",
  finchSessionId: "session-at-finch",
} as const satisfies NewSessionAnswer;
const returnOrigins = ["https://app.example", "http://localhost:3000"];

const createStage = async (mode: "single" | "multiple" = "multiple") => {
  const setting = createSetting();
  const customerId = await setting.createCustomer("acme", mode);
  const create = (changes: Partial<ConnectSessionRequest> = {}) =>
    createConnectSession({ ...setting.deps, publicUrl: "https://perch.example", returnOrigins })({
      customerId,
      mode: "redirect",
      requireAcceptance: false,
      products: ["company", "directory"],
      integration: { provider: "gusto", authMethod: null },
      returnUrl: "https://app.example/back?tab=payroll",
      minutesToExpire: 30,
      sandbox: "provider",
      ...changes,
    });
  return { ...setting, customerId, create };
};

describe("a new Connect session", () => {
  it("is made at Finch for the customer, and remembered", async () => {
    const { create, finch, customerId, sessions, customers, now } = await createStage();
    finch.willAnswerSession(created);
    const result = await create();
    if (!result.ok) return expect.fail(result.refusal.reason);
    const { session, embedded } = result.value;
    const connectUrl = result.value.connectUrl ?? expect.fail();
    expect(embedded).toBeNull();
    expect(await sessions.find(session.sessionId)).toEqual(session);
    const customer = await customers.find(customerId);
    expect(session).toMatchObject({
      customerId,
      incarnation: customer?.incarnation,
      status: "open",
      products: ["company", "directory"],
      integration: { provider: "gusto", authMethod: null },
      returnUrl: "https://app.example/back?tab=payroll",
      finchConnectUrl: created.connectUrl,
      openings: [],
      exchange: null,
      createdAt: now(),
      expiresAt: new Date(now().getTime() + 30 * minute),
      version: 1,
    });
    expect(finch.calls).toMatchObject([
      {
        operation: "createSession",
        session: {
          customerId,
          customerName: "Acme Inc.",
          customerEmail: "people@acme.example",
          redirectUri,
          minutesToExpire: 30,
          sandbox: "provider",
        },
      },
    ]);
    // The link holds the ticket, of which only the hash is kept, and not Finch's address.
    expect(connectUrl.startsWith("https://perch.example/connect/")).toBe(true);
    const ticket = parseCapability(connectUrl.slice("https://perch.example/connect/".length));
    expect(ticket).toMatchObject({ sessionId: session.sessionId, hash: session.ticketHash });
    expect(JSON.stringify(session)).not.toContain(ticket?.text);
  });

  it("gets a ticket of its own each time", async () => {
    const { create, finch } = await createStage();
    finch.willAnswerSession(created, created);
    const [one, two] = [await create(), await create()];
    expect(one.ok && two.ok && one.value.connectUrl !== two.value.connectUrl).toBe(true);
  });

  it("may do without an address to go back to", async () => {
    const { create, finch } = await createStage();
    finch.willAnswerSession(created);
    expect(await create({ returnUrl: null })).toMatchObject({ ok: true, value: { session: { returnUrl: null } } });
  });
});

describe("a Connect session that is refused", () => {
  it.each([
    "https://app.example.evil.example/back",
    "https://app.example@evil.example/",
    "https://evil.example/https://app.example",
    "http://app.example/back",
    "https://app.example:8443/back",
    "https://sub.app.example/",
    "//app.example/back",
    "/back",
    "javascript:alert(1)",
    "data:text/html,x",
    "https:\\\\evil.example\\app.example",
    "",
  ])("is one that goes back to %j", async (returnUrl) => {
    const { create, finch, memory } = await createStage();
    finch.willAnswerSession(created);
    const refusal = { reason: "return_url_not_allowed", origins: returnOrigins };
    expect(await create({ returnUrl })).toEqual({ ok: false, refusal });
    expect([finch.calls, memory.sessions.size]).toEqual([[], 0]);
  });

  it.each(["https://APP.example/back", "https://app.example:443/", "http://localhost:3000"])(
    "is not one that goes back to %j, which is an allowed origin",
    async (returnUrl) => {
      const { create, finch } = await createStage();
      finch.willAnswerSession(created);
      expect(await create({ returnUrl })).toMatchObject({ ok: true });
    },
  );

  it("is one of a customer whom nobody knows", async () => {
    const { create, finch } = await createStage();
    const result = await create({ customerId: newCustomerId() });
    expect(result).toEqual({ ok: false, refusal: { reason: "customer_unknown" } });
    expect(finch.calls).toEqual([]);
  });

  it("is one of a customer in mode single that owns a connection; a held one does not count", async () => {
    const { create, connect, customerId, finch } = await createStage("single");
    await connect(customerId, { heldReason: "customer_mismatch" });
    finch.willAnswerSession(created);
    expect(await create()).toMatchObject({ ok: true });
    await connect(customerId);
    expect(await create()).toEqual({ ok: false, refusal: { reason: "connection_limit" } });
    expect(finch.calls).toHaveLength(1);
  });

  it.each<Exclude<NewSessionAnswer, { kind: "created" }>>([
    { kind: "refused", message: "products are not enabled" },
    { kind: "platform_trouble", reason: "payment_required" },
    { kind: "undecided", reason: "timeout" },
  ])("is one that Finch answers with $kind, and nothing is stored", async (answer) => {
    const { create, finch, memory } = await createStage();
    finch.willAnswerSession(answer);
    expect(await create()).toEqual({ ok: false, refusal: { reason: "finch", answer } });
    expect(memory.sessions.size).toBe(0);
  });
});

describe("a session's status", () => {
  it("is expired from its end on, if nobody began it; what began or ended stays as it is", async () => {
    const { openSession, customerId } = await createStage();
    const { session } = await openSession(customerId);
    const just = new Date(session.expiresAt.getTime() - 1);
    expect([sessionStatus(session, just), sessionStatus(session, session.expiresAt)]).toEqual(["open", "expired"]);
    for (const status of ["exchanging", "completed", "failed", "cancelled"] as const) {
      expect(sessionStatus({ ...session, status }, session.expiresAt)).toBe(status);
    }
  });
});
