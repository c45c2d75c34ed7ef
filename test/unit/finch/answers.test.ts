/** What Perch reads out of Finch's good answers, and how much may be strange in them. */
import { describe, expect, it } from "vitest";
import { secret } from "#shared/secret.ts";
import { redirectUri } from "../../finch/support.ts";
import { newCustomerId } from "../../support/builders.ts";
import { startClient } from "./setting.ts";

const startWithCode = async () => {
  const finch = await startClient();
  const code = await finch.connectForCode();
  const exchange = () => finch.client.exchangeCode(secret(code), redirectUri, 5_000);
  return { ...finch, exchange };
};
const startWithToken = async () => {
  const finch = await startClient();
  const granted = await finch.connectAndExchange();
  const introspect = () => finch.client.introspect(secret(granted.access_token));
  return { ...finch, granted, introspect };
};
const unreadable = { kind: "undecided", reason: "unreadable" };

describe("a new session", () => {
  it("leads to Connect, for the customer, products and provider asked for", async () => {
    const { client, simulator } = await startClient();
    const customerId = newCustomerId();
    const answer = await client.createSession({
      customerId,
      customerName: "Acme Inc.",
      customerEmail: "people@acme.example",
      products: ["company", "directory"],
      integration: { provider: "gusto", authMethod: null },
      minutesToExpire: 30,
      redirectUri,
      sandbox: "finch",
    });
    const [session] = simulator.state.sessions.values();
    expect(answer).toEqual({ kind: "created", connectUrl: expect.stringContaining(session?.id ?? "no session") });
    expect(session).toMatchObject({
      customer: { id: customerId, name: "Acme Inc.", email: "people@acme.example" },
      products: ["company", "directory"],
      provider: "gusto",
      redirectUri,
      connectionType: "finch",
    });
  });

  it.each([
    ["none", { remove: ["connect_url"] }],
    ["one that is no address", { body: { connect_url: "not an address" } }],
    ["one that is no text", { body: { connect_url: 7 } }],
  ])("is undecided when its address is %s", async (_, override) => {
    const { client, trouble } = await startClient();
    trouble("/connect/sessions", "override", override);
    const answer = await client.createSession({
      customerId: newCustomerId(),
      customerName: "Acme Inc.",
      customerEmail: null,
      products: ["company"],
      integration: null,
      minutesToExpire: 30,
      redirectUri,
      sandbox: undefined,
    });
    expect(answer).toEqual(unreadable);
  });
});

describe("a granted token", () => {
  it("is read with all that Perch stores of it", async () => {
    const { exchange, simulator } = await startWithCode();
    const answer = await exchange();
    if (answer.kind !== "granted") return expect.fail(answer.kind);
    const [connection] = simulator.state.connections.values();
    const { accessToken, ...grant } = answer.grant;
    expect(accessToken.reveal()).toMatch(/^[0-9a-f]{64}$/);
    expect(grant).toEqual({
      connectionId: connection?.id,
      entityIds: connection?.entities.map(({ id }) => id),
      clientType: "sandbox",
      connectionType: "provider",
      products: ["company", "directory"],
      providerId: "gusto",
      customerId: "acme",
      companyId: connection?.companyId,
    });
  });

  it("may hold values and fields that nobody knows yet", async () => {
    const { exchange, trouble } = await startWithCode();
    const body = {
      connection_type: "aggregator",
      products: ["company", "time_off"],
      client_type: "staging",
      x: { y: [] },
    };
    trouble("/auth/token", "override", { body });
    expect(await exchange()).toMatchObject({
      kind: "granted",
      grant: { connectionType: "aggregator", products: ["company", "time_off"], clientType: "staging" },
    });
  });

  it("may lack what is optional, or hold null there", async () => {
    for (const override of [
      {
        remove: ["customer_id", "company_id", "account_id", "token_type", "entity_ids", "products", "connection_type"],
      },
      { body: { customer_id: null, company_id: null, entity_ids: null, products: null, connection_type: null } },
    ]) {
      const { exchange, trouble } = await startWithCode();
      trouble("/auth/token", "override", override);
      expect(await exchange()).toMatchObject({
        kind: "granted",
        grant: { customerId: null, companyId: null, entityIds: [], products: [], connectionType: "provider" },
      });
    }
  });

  it.each(["access_token", "connection_id", "provider_id", "client_type"])(
    "is undecided without %s, with null or another type there: a token may have been issued",
    async (field) => {
      for (const override of [
        { remove: [field] },
        ...[null, "", 7, {}].map((value) => ({ body: { [field]: value } })),
      ]) {
        const { exchange, trouble } = await startWithCode();
        trouble("/auth/token", "override", override);
        expect(await exchange()).toEqual(unreadable);
      }
    },
  );

  it.each(["a b", "a#b", "../..", "x".repeat(129)])("is undecided with the connection_id %j", async (id) => {
    const { exchange, trouble } = await startWithCode();
    trouble("/auth/token", "override", { body: { connection_id: id } });
    expect(await exchange()).toEqual(unreadable);
  });
});

describe("an introspection", () => {
  it("is read with all that Perch stores of it", async () => {
    const { introspect, granted, simulator } = await startWithToken();
    const [connection] = simulator.state.connections.values();
    expect(await introspect()).toEqual({
      kind: "introspected",
      introspection: {
        connectionId: granted.connection_id,
        clientType: "sandbox",
        connectionType: "provider",
        providerId: "gusto",
        status: "connected",
        lastSuccessfulSync: null,
        products: ["company", "directory"],
        authenticationMethods: [
          { type: connection?.authMethod, status: "connected", products: ["company", "directory"] },
        ],
        entities: connection?.entities.map(({ id, name, sourceId, status }) => ({ id, name, sourceId, status })),
        customerId: "acme",
        companyId: connection?.companyId,
        username: connection?.username,
      },
    });
  });

  it.each([
    ["a status of tomorrow", { status: "paused", last_successful_sync: "2026-11-22T10:00:00Z" }, "paused"],
    ["the older name of reauth", { status: "error_reauth", last_successful_sync: "no date" }, "reauth"],
  ])("takes %s", async (_, connection_status, status) => {
    const { introspect, trouble } = await startWithToken();
    trouble("/introspect", "override", { body: { connection_status } });
    const lastSuccessfulSync = status === "paused" ? new Date("2026-11-22T10:00:00Z") : null;
    expect(await introspect()).toMatchObject({ introspection: { status, lastSuccessfulSync } });
  });

  it("takes entities and methods as they come, and leaves out what has no name to be known by", async () => {
    const { introspect, trouble } = await startWithToken();
    const body = {
      entities: [
        { id: "e1", name: null, status: "thawing" },
        { entity_id: "e2", source_id: 7 },
        { name: "?" },
        null,
        "e3",
      ],
      authentication_methods: [{ type: "carrier_pigeon" }, { products: [] }, null],
      username: null,
    };
    trouble("/introspect", "override", { body });
    expect(await introspect()).toMatchObject({
      introspection: {
        entities: [
          { id: "e1", name: null, sourceId: null, status: "thawing" },
          { id: "e2", name: null, sourceId: null, status: null },
        ],
        authenticationMethods: [{ type: "carrier_pigeon", status: null, products: [] }],
        username: null,
      },
    });
  });

  it("takes the older name of provider_id", async () => {
    const { introspect, trouble } = await startWithToken();
    trouble("/introspect", "override", { remove: ["provider_id"], body: { payroll_provider_id: "adp_run" } });
    expect(await introspect()).toMatchObject({ introspection: { providerId: "adp_run" } });
  });

  it.each([["connection_id"], ["connection_status"], ["client_type"], ["provider_id", "payroll_provider_id"]])(
    "is undecided without %s",
    async (...remove) => {
      const { introspect, trouble } = await startWithToken();
      trouble("/introspect", "override", { remove });
      expect(await introspect()).toEqual(unreadable);
    },
  );
});
