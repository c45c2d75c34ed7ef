/** Taking over a token that the platform has had until now: what is refused, what comes of it, and that it is safe to repeat. */
import { describe, expect, it } from "vitest";
import type { IntrospectAnswer, Introspection } from "#shared/connection/finch-port.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { importConnection } from "#shared/connection/import-connection.ts";
import { secret } from "#shared/secret.ts";
import { aDisconnect, anIntrospection, newCustomerId, nthVersion } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const createStage = async (mode: "single" | "multiple" = "multiple") => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme", mode);
  const globex = await setting.createCustomer("globex");
  const bringToken = (customerId: CustomerId, text = "not-a-real-token") =>
    importConnection(setting.deps)(customerId, secret(text));
  /** Imports what Finch says this of. */
  const bring = (said: Partial<Introspection> = {}, text?: string, customerId = acme) => {
    setting.finch.willAnswerIntrospect({ kind: "introspected", introspection: anIntrospection(said) });
    return bringToken(customerId, text);
  };
  return { ...setting, acme, globex, bringToken, importing: bring };
};
const refused = (reason: string) => ({ ok: false, refusal: expect.objectContaining({ reason }) });

describe("an import", () => {
  it("makes a connection with all that Finch says of it", async () => {
    const { importing, acme, connections, events, customers, memory, now } = await createStage();
    const said = anIntrospection({ customerId: null, products: ["payment"], status: "processing" });
    const result = await importing(said);
    const connection = await connections.find(acme, said.connectionId);
    expect(result).toEqual({ ok: true, value: { created: true, connection } });
    expect(connection).toMatchObject({
      finchStatus: "processing",
      heldReason: null,
      disconnect: null,
      providerId: said.providerId,
      entities: said.entities,
      username: said.username,
      authenticationMethods: said.authenticationMethods,
      introspectedAt: now(),
      tokens: [{ products: ["payment"], entityIds: ["entity-1"], invalidSince: null }],
      version: nthVersion(1),
    });
    expect(events()).toMatchObject([{ type: "ConnectionCreated", detail: { status: "processing" } }]);
    expect(await customers.find(acme)).toMatchObject({ connectionCount: 1 });
    expect(memory.sessions.size).toBe(0);
  });

  it("is known the second time, and the token is stored once", async () => {
    const { importing, memory, events } = await createStage();
    const said = anIntrospection();
    const first = await importing(said);
    expect(await importing(said)).toEqual({ ok: true, value: { ...(first.ok && first.value), created: false } });
    expect([memory.tokens.size, events().length]).toEqual([1, 1]);
  });

  it("adds another token of a connection that the customer has", async () => {
    const { importing, memory, events, acme } = await createStage("single");
    const said = anIntrospection();
    await importing(said);
    const again = await importing({ ...said, username: "another_user" }, "another-token");
    expect(again).toMatchObject({ ok: true, value: { created: false, connection: { username: "another_user" } } });
    expect([memory.tokens.size, memory.owners.get(said.connectionId)]).toEqual([2, acme]);
    expect(events().map(({ type }) => type)).toEqual(["ConnectionCreated", "ConnectionUpdated"]);
  });

  it("takes a connection that was held for its customer into use", async () => {
    const { importing, connect, acme, customers } = await createStage();
    const { connectionId } = await connect(acme, { heldReason: "customer_mismatch" });
    expect(await importing({ connectionId })).toMatchObject({ ok: true, value: { connection: { heldReason: null } } });
    expect(await customers.find(acme)).toMatchObject({ connectionCount: 1 });
  });

  it("takes a token of which Finch names the customer", async () => {
    const { importing, acme } = await createStage();
    expect(await importing({ customerId: acme })).toMatchObject({ ok: true, value: { created: true } });
  });
});

describe("an import that is refused stores nothing", () => {
  it("for a customer whom nobody knows, and does not ask Finch", async () => {
    const { bringToken, finch } = await createStage();
    expect(await bringToken(newCustomerId())).toEqual(refused("customer_unknown"));
    expect(finch.calls).toEqual([]);
  });

  it.each<[string, IntrospectAnswer]>([
    ["token_not_usable", { kind: "invalid_token" }],
    ["token_not_usable", { kind: "reauthenticate_user" }],
    ["finch", { kind: "platform_trouble", reason: "payment_required" }],
    ["finch", { kind: "undecided", reason: "timeout" }],
  ])("as %s when Finch answers %j", async (reason, answer) => {
    const { bringToken, finch, acme, memory } = await createStage();
    finch.willAnswerIntrospect(answer);
    const result = await bringToken(acme);
    expect(result).toEqual(refused(reason));
    if (reason === "finch") expect(result).toEqual({ ok: false, refusal: { reason, answer } });
    expect([memory.tokens.size, memory.owners.size, memory.written]).toEqual([0, 0, []]);
  });

  it.each<[string, Partial<Introspection>]>([
    ["foreign_application", { clientId: "somebody-else" }],
    ["foreign_application", { clientId: null }],
    ["wrong_client_type", { clientType: "production" }],
    ["connection_conflict", { customerId: "nobody-we-know" }],
    ["customer_mismatch", { customerId: "a/b" }],
  ])("as %s when Finch says %j", async (reason, said) => {
    const { importing, memory } = await createStage();
    expect(await importing(said)).toEqual(refused(reason));
    expect([memory.tokens.size, memory.owners.size, memory.written]).toEqual([0, 0, []]);
  });

  it("when the token is over 4 KB", async () => {
    const { importing, memory } = await createStage();
    expect(await importing({}, "x".repeat(4_097))).toEqual(refused("token_too_large"));
    expect(memory.tokens.size).toBe(0);
  });

  it("when Finch names another customer, also one that Perch knows: who brings the token still has it", async () => {
    const { importing, globex, memory } = await createStage();
    expect(await importing({ customerId: globex })).toEqual(refused("connection_conflict"));
    expect([memory.tokens.size, memory.owners.size, memory.written]).toEqual([0, 0, []]);
  });

  it.each([{}, { heldReason: "customer_mismatch" }] as const)(
    "when another customer has the connection (%j)",
    async (changes) => {
      const { importing, globex, connect, memory } = await createStage();
      const { connectionId } = await connect(globex, changes);
      const written = memory.written.length;
      expect(await importing({ connectionId })).toEqual(refused("connection_conflict"));
      expect([memory.tokens.size, memory.owners.get(connectionId), memory.written.length]).toEqual([
        1,
        globex,
        written,
      ]);
    },
  );

  it("in mode single beside another connection, which a session would store and end", async () => {
    const { importing, acme, connect, memory } = await createStage("single");
    await connect(acme);
    expect(await importing()).toEqual(refused("connection_limit"));
    expect(memory.tokens.size).toBe(1);
  });

  it.each([
    ["connection_disconnecting", { disconnect: aDisconnect() }],
    ["acceptance_required", { heldReason: "acceptance_required" }],
  ] as const)("as %s when the customer's connection is %j", async (reason, changes) => {
    const { importing, acme, connect, memory } = await createStage();
    const connection = await connect(acme, changes);
    expect(await importing({ connectionId: connection.connectionId })).toEqual(refused(reason));
    expect([...memory.connections.values()]).toEqual([connection]);
    expect(memory.tokens.size).toBe(1);
  });
});

describe("an import that is interrupted", () => {
  it("stores its token once when the answers of its claims are lost", async () => {
    const { deps, connections, finch, acme, memory, events } = await createStage();
    let claims = 0;
    const claim: typeof connections.claim = async (asked) => {
      const claimed = await connections.claim(asked);
      claims += 1;
      if (claims < 3) throw new Error("the answer is lost");
      return claimed;
    };
    finch.willAnswerIntrospect({ kind: "introspected", introspection: anIntrospection() });
    const flaky = { ...deps, connections: { ...connections, claim } };
    expect(await importConnection(flaky)(acme, secret("not-a-real-token"))).toMatchObject({ ok: true });
    expect([memory.tokens.size, events().length]).toEqual([1, 1]);
  });

  it("gives up before the gateway does, and succeeds when it is repeated", async () => {
    const { deps, connections, finch, acme, memory, importing, now } = await createStage();
    const claim = async () => {
      throw new Error("throttled");
    };
    const said = anIntrospection();
    finch.willAnswerIntrospect({ kind: "introspected", introspection: said });
    const begun = now().getTime();
    const failing = { ...deps, connections: { ...connections, claim } };
    await expect(importConnection(failing)(acme, secret("not-a-real-token"))).rejects.toThrow("throttled");
    expect(now().getTime() - begun).toBeLessThan(26_000);
    expect(memory.tokens.size).toBe(0);
    expect(await importing(said)).toMatchObject({ ok: true, value: { created: true } });
  });
});
