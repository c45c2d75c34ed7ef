/** What asking Finch about a connection changes, by what it answers. */
import { describe, expect, it } from "vitest";
import { hashOf } from "#shared/connection/capability.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { IntrospectAnswer, Introspection } from "#shared/connection/finch-port.ts";
import { introspectConnection } from "#shared/connection/introspect-connection.ts";
import { secret } from "#shared/secret.ts";
import { aGrant, anIntrospection, minute, newConnectionId, nthVersion } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const says = (changes: Partial<Introspection> = {}): IntrospectAnswer => ({
  kind: "introspected",
  introspection: anIntrospection(changes),
});
const entity = (id: string, name: string | null = null) => ({ id, name, sourceId: null, status: "connected" });

/** A connection with one token for each of these lists of entities, the last of which is the newest. */
const createStage = async (...entityIds: readonly (readonly string[])[]) => {
  const setting = createSetting();
  const customerId = await setting.createCustomer("acme");
  const connectionId = newConnectionId();
  for (const [index, ids] of (entityIds.length > 0 ? entityIds : [["e1"]]).entries()) {
    const grant = aGrant({ connectionId, entityIds: ids, accessToken: secret(`not-a-real-token-${index}`) });
    await setting.bring(customerId, grant);
  }
  setting.advance(minute);
  const before = (await setting.connections.find(customerId, connectionId)) ?? expect.fail();
  const introspect = () => introspectConnection(setting.deps)(customerId, connectionId);
  const stored = async (): Promise<Connection> =>
    (await setting.connections.find(customerId, connectionId)) ?? expect.fail();
  const told = () =>
    setting
      .events()
      .slice(entityIds.length || 1)
      .map(({ type, detail }) => [type, detail]);
  const asked = () => setting.finch.calls.filter(({ operation }) => operation === "introspect");
  return { ...setting, customerId, connectionId, before, introspect, stored, told, asked };
};

describe("introspection", () => {
  it("stores what Finch says, asked with the newest token", async () => {
    const { introspect, finch, before, stored, now, told, asked } = await createStage(["e1"], ["e1"]);
    const introspection = anIntrospection({
      entities: [entity("e1", "West")],
      products: ["company"],
      companyId: "new",
    });
    finch.willAnswerIntrospect({ kind: "introspected", introspection });
    const [first, newest] = before.tokens;
    const after: Connection = {
      ...before,
      companyId: "new",
      entities: [entity("e1", "West")],
      authenticationMethods: introspection.authenticationMethods,
      username: "good_user",
      lastSuccessfulSync: introspection.lastSuccessfulSync,
      tokens: [first ?? expect.fail(), { ...(newest ?? expect.fail()), products: ["company"] }],
      introspectedAt: now(),
      updatedAt: now(),
      version: nthVersion(3),
    };
    expect(await introspect()).toEqual({ ok: true, value: after });
    expect(await stored()).toEqual(after);
    expect(asked()).toEqual([{ operation: "introspect", accessTokenHash: hashOf("not-a-real-token-1") }]);
    expect(told()).toEqual([]);
  });

  it("keeps the entities that only another token opens, and forgets those that none opens", async () => {
    const { introspect, finch, stored } = await createStage(["e1", "e2"], ["e2", "e3"]);
    finch.willAnswerIntrospect(says({ entities: [entity("e2", "Two"), entity("e4", "Four")] }));
    await introspect();
    const { entities, tokens } = await stored();
    expect(entities.map(({ id, name }) => [id, name])).toEqual([
      ["e2", "Two"],
      ["e4", "Four"],
      ["e1", null],
    ]);
    expect(tokens.map(({ entityIds }) => entityIds)).toEqual([
      ["e1", "e2"],
      ["e2", "e4"],
    ]);
  });

  it("keeps what a token opens when Finch lists no entities", async () => {
    const { introspect, finch, stored } = await createStage(["e1"]);
    finch.willAnswerIntrospect(says({ entities: [], companyId: null, username: null, lastSuccessfulSync: null }));
    await introspect();
    const { entities, tokens, companyId } = await stored();
    expect([entities[0]?.id, tokens[0]?.entityIds, companyId]).toEqual(["e1", ["e1"], "company-1"]);
  });

  it.each(["pending", "processing", "error_permissions", "a status of tomorrow"])(
    "tells when the status becomes %s",
    async (status) => {
      const { introspect, finch, stored, told } = await createStage();
      finch.willAnswerIntrospect(says({ status }), says({ status }));
      await introspect();
      await introspect();
      expect(await stored()).toMatchObject({ finchStatus: status });
      expect(told()).toEqual([["ConnectionUpdated", { provider_id: "gusto", status }]]);
    },
  );

  it.each<[string, IntrospectAnswer]>([
    ["says the status reauth", says({ status: "reauth" })],
    ["answers reauthenticate_user", { kind: "reauthenticate_user" }],
    ["answers invalid_token", { kind: "invalid_token" }],
  ])("asks for reauthentication when Finch %s, once", async (_, answer) => {
    const { introspect, finch, stored, told, connectionId, events } = await createStage();
    finch.willAnswerIntrospect(answer, answer);
    await introspect();
    await introspect();
    expect(await stored()).toMatchObject({ finchStatus: "reauth", version: nthVersion(3) });
    const detail = { provider_id: "gusto", status: "reauth" };
    expect(told()).toEqual([
      ["ConnectionUpdated", detail],
      ["ReauthenticationRequired", detail],
    ]);
    expect(events().at(-1)?.subject).toEqual({ kind: "connection", id: connectionId, version: nthVersion(2) });
  });

  it("remembers since when a token is invalid, keeps it, and forgets that when it is valid again", async () => {
    const { introspect, finch, stored, now, advance, memory } = await createStage(["e0"], ["e1"]);
    finch.willAnswerIntrospect({ kind: "invalid_token" }, { kind: "invalid_token" }, says());
    const since = now();
    await introspect();
    advance(minute);
    await introspect();
    expect((await stored()).tokens.map(({ invalidSince }) => invalidSince)).toEqual([null, since]);
    await introspect();
    expect((await stored()).tokens.map(({ invalidSince }) => invalidSince)).toEqual([null, null]);
    expect(await stored()).toMatchObject({ finchStatus: "connected" });
    expect(memory.tokens.size).toBe(2);
  });

  it.each<IntrospectAnswer>([
    { kind: "platform_trouble", reason: "payment_required" },
    { kind: "undecided", reason: "rate_limited" },
  ])("changes nothing when the answer is $kind", async (answer) => {
    const { introspect, finch, before, stored, told } = await createStage();
    finch.willAnswerIntrospect(answer);
    expect(await introspect()).toEqual({ ok: false, refusal: { reason: "finch", answer } });
    expect(await stored()).toEqual(before);
    expect(told()).toEqual([]);
  });

  it.each<[string, IntrospectAnswer]>([
    ["connected", says()],
    ["reauth", { kind: "reauthenticate_user" }],
    ["invalid", { kind: "invalid_token" }],
  ])("leaves a held connection held, though Finch says %s", async (_, answer) => {
    const { introspect, finch, before, stored, memory, told, customerId, connectionId } = await createStage();
    const held = { ...before, heldReason: "customer_mismatch" } as const;
    memory.connections.set(`${customerId}#${connectionId}`, held);
    finch.willAnswerIntrospect(answer);
    await introspect();
    expect(await stored()).toMatchObject({ heldReason: "customer_mismatch", version: nthVersion(2) });
    expect(told()).toEqual([]);
  });

  it("asks again when the connection changed while Finch was asked", async () => {
    const { introspect, finch, before, stored, connections, now, asked } = await createStage(["e1"]);
    finch.willAnswerIntrospect(
      async () => {
        await connections.replace({ ...before, username: "changed", version: nthVersion(2), updatedAt: now() }, []);
        return { kind: "invalid_token" };
      },
      says({ username: "said last" }),
    );
    await introspect();
    expect(await stored()).toMatchObject({ finchStatus: "connected", username: "said last", version: nthVersion(3) });
    expect(asked()).toHaveLength(2);
  });

  it("does not know a connection of another customer, or none", async () => {
    const { deps, connectionId, customerId, createCustomer, asked } = await createStage();
    const introspect = introspectConnection(deps);
    const unknown = { ok: false, refusal: { reason: "connection_unknown" } };
    expect(await introspect(await createCustomer("globex"), connectionId)).toEqual(unknown);
    expect(await introspect(customerId, newConnectionId())).toEqual(unknown);
    expect(asked()).toEqual([]);
  });

  it("throws when the vault does not open the token, and changes nothing", async () => {
    const { introspect, before, stored, memory, asked } = await createStage();
    for (const [key, token] of memory.tokens)
      memory.tokens.set(key, { ...token, sealed: { ciphertext: new Uint8Array(40) } });
    await expect(introspect()).rejects.toThrow();
    expect(await stored()).toEqual(before);
    expect(asked()).toEqual([]);
  });
});
