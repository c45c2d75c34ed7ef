import { describe, expect, it } from "vitest";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import { type Connection, firstVersion } from "#shared/connection/connection.ts";
import { type FinchReply, type FinchRequest, type ForwardAnswer, forwardRequest } from "#shared/use/forward-request.ts";
import {
  aConnection,
  afterNoon,
  anEntityDisconnect,
  aTokenRecord,
  minute,
  noon,
  withAnotherToken,
} from "../../support/builders.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";
import { createUseSetting } from "../../support/use-setting.ts";

const reply = (changes: Partial<FinchReply> = {}): FinchReply => ({
  kind: "reply",
  status: 200,
  headers: {},
  body: new Uint8Array(),
  needsCustomer: false,
  ...changes,
});

const entity = (id: string, status: string | null = "connected") => ({ id, name: null, sourceId: null, status });
const two = { entities: [entity("entity-1"), entity("entity-2")] };
const both = aTokenRecord({ entityIds: ["entity-1", "entity-2"] });

/** A connection, and a Finch that gives one answer and keeps what it was asked. */
const createSetting = async (connection: Connection = aConnection(), answer: ForwardAnswer = reply()) => {
  const { stores, vault, put } = await createUseSetting(connection);
  const asked: (FinchRequest & { readonly token: string })[] = [];
  const looks: CheckRequest[] = [];
  const forward = forwardRequest({
    ...createMemorySurroundings(),
    ...stores,
    vault,
    rules: [],
    forward: async (request, accessToken) => {
      asked.push({ ...request, token: accessToken.reveal() });
      return answer;
    },
    nudgeChecks: async (requests) => {
      looks.push(...requests);
    },
  });
  const ask = (path: string, query = "", method = "GET") =>
    forward({
      ...{ customerId: connection.customerId, connectionId: connection.connectionId, method, path },
      ...{ query: new URLSearchParams(query), headers: { accept: "application/json" }, body: new Uint8Array() },
      ...{ caller: "backend", requestId: "request-1", deadline: afterNoon(minute) },
    });
  return { stores, ask, asked, looks, put };
};

describe("a forwarded request", () => {
  it("is made at Finch with the connection's token, and answered as it came", async () => {
    const connection = aConnection();
    const answer = reply({ status: 418, headers: { "finch-request-id": "f" }, body: Buffer.from("tea") });
    const { ask, asked, stores } = await createSetting(connection, answer);
    expect(await ask("employer/company", "a=1&a=2")).toEqual({ ok: true, value: answer });
    expect(asked).toMatchObject([
      { method: "GET", path: "/employer/company", token: `token ${connection.tokens[0]?.tokenId}` },
    ]);
    expect(asked[0]?.query.toString()).toBe("a=1&a=2&entity_ids%5B%5D=entity-1");
    expect(stores.memory.audit).toMatchObject([
      {
        ...{
          action: "request_forwarded",
          caller: "backend",
          reason: null,
          products: ["company"],
          requestId: "request-1",
        },
        request: { method: "GET", path: "/employer/company" },
      },
    ]);
  });

  it("is neither made nor in the audit, where it is not among what is forwarded", async () => {
    const { ask, asked, stores } = await createSetting();
    for (const [path, method] of [["introspect"], ["employer/../introspect"], ["employer/company", "DELETE"]]) {
      expect(await ask(path ?? "", "", method)).toEqual({ ok: false, refusal: { reason: "not_forwarded" } });
    }
    expect([asked, stores.memory.audit]).toEqual([[], []]);
  });

  it.each<[string, Partial<Connection>, string]>([
    ["held", { heldReason: "wrong_account" }, "held"],
    ["known to need its customer", { tokens: [aTokenRecord({ status: "reauth" })] }, "reauthentication_required"],
  ])("is not made for a connection that is %s", async (_, changes, reason) => {
    const { ask, asked } = await createSetting(aConnection(changes));
    expect(await ask("employer/company")).toEqual({ ok: false, refusal: { reason } });
    expect(asked).toEqual([]);
  });

  it.each<[string, Partial<Connection>, string, string, string | null]>([
    ["one entity", {}, "employer/directory", "limit=5", "entity-1"],
    [
      "one entity that is left",
      { entities: [entity("entity-1"), entity("entity-2", "disconnected")] },
      "employer/company",
      "",
      "entity-1",
    ],
    ["one entity, and a path that is about none", {}, "providers", "", null],
    ["one entity, named by the caller", {}, "employer/company", "entity_ids[]=entity-7", "entity-7"],
    ["one entity, named in Finch's other way", {}, "employer/company", "entity_ids=entity-1", null],
    ["several entities", { ...two, tokens: [both] }, "employer/company", "", null],
    ["none that is known", { entities: [] }, "employer/company", "", null],
  ])("of a connection with %s names the entity as it must", async (_, changes, path, query, named) => {
    const { ask, asked } = await createSetting(aConnection(changes));
    expect(await ask(path, query)).toMatchObject({ ok: true });
    expect(asked[0]?.query.getAll("entity_ids[]")).toEqual(named === null ? [] : [named]);
  });

  it("uses the token for the product and the entity, and any other where Finch is to say what is wrong", async () => {
    const company = aTokenRecord({ products: ["company"], entityIds: ["entity-1"] });
    const directory = aTokenRecord({ products: ["directory"], entityIds: ["entity-2"] });
    const first = aConnection({ ...two, tokens: [company], version: firstVersion(noon) });
    const { ask, asked, put } = await createSetting(first);
    await put(withAnotherToken(first, directory));
    for (const [path, query] of [
      ["employer/company", "entity_ids[]=entity-1"],
      ["employer/directory", "entity_ids[]=entity-2"],
      // No token has it for that entity: the one for the entity is sent, and Finch says so.
      ["employer/company", "entity_ids[]=entity-2"],
      ["employer/individual", "entity_ids[]=entity-1"],
      // Nobody knows the entity: Finch may.
      ["employer/directory", "entity_ids[]=entity-9"],
    ] as const) {
      const method = path.endsWith("individual") ? "POST" : "GET";
      expect(await ask(path, query, method)).toMatchObject({ ok: true });
    }
    const [a, b] = [`token ${company.tokenId}`, `token ${directory.tokenId}`];
    expect(asked.map(({ token }) => token)).toEqual([a, b, b, a, b]);
  });

  it("is not made for an entity that is being ended", async () => {
    const ending = aConnection({ ...two, tokens: [both], entityDisconnects: [anEntityDisconnect()] });
    const { ask, asked } = await createSetting(ending);
    expect(await ask("employer/company", "entity_ids[]=entity-1")).toMatchObject({
      refusal: { reason: "disconnecting" },
    });
    expect(await ask("employer/company", "entity_ids[]=entity-2")).toMatchObject({ ok: true });
    expect(asked).toHaveLength(1);
  });

  it("sets off a look where Finch says that the customer must sign in, and only there", async () => {
    const connection = aConnection();
    const { customerId, connectionId } = connection;
    const needs = await createSetting(connection, reply({ status: 401, needsCustomer: true }));
    expect(await needs.ask("employer/company")).toMatchObject({ ok: true, value: { status: 401 } });
    expect(needs.looks).toMatchObject([{ customerId, connectionId, reason: "call" }]);
    for (const answer of [
      reply({ status: 401 }),
      reply({ status: 500 }),
      { kind: "undecided", reason: "timeout" } as const,
    ]) {
      const { ask, looks } = await createSetting(aConnection(), answer);
      expect(await ask("employer/company")).toEqual({ ok: true, value: answer });
      expect(looks).toEqual([]);
    }
  });
});
