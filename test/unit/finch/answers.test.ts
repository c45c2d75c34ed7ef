/** What Perch reads out of Finch's good answers to what connects, and how much may be strange in them. */
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
    const id = session?.id ?? "no session";
    expect(answer).toEqual({ kind: "created", connectUrl: expect.stringContaining(id), finchSessionId: id });
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
