/** Perch spells Finch's fields as Finch's own SDK does: what the SDK's types do not know does not compile here. */
import type Finch from "@tryfinch/finch-api";
import { expect, it } from "vitest";
import { readIntrospection, readTokenGrant } from "#shared/finch/answers.ts";
import { createFinch } from "#shared/finch/finch.ts";
import type { FinchCall } from "#shared/finch/request.ts";
import { secret } from "#shared/secret.ts";
import { newCustomerId } from "../../support/builders.ts";

/** The client, and what it has sent. */
const record = () => {
  const calls: FinchCall[] = [];
  const client = createFinch({
    send: async (call) => {
      calls.push(call);
      return { kind: "undecided", reason: "timeout" };
    },
    credentials: async () => ({ clientId: "the-client", clientSecret: secret("not-a-real-secret") }),
  });
  return { client, calls };
};

const customerId = newCustomerId();
const session = {
  customerId,
  customerName: "Acme Inc.",
  customerEmail: "people@acme.example",
  products: ["company", "directory"],
  integration: { provider: "gusto", authMethod: "credential" },
  minutesToExpire: 30,
  redirectUri: "https://perch.example/connect/callback",
  sandbox: "provider",
} as const;

it("asks for a session in Finch's words", async () => {
  const { client, calls } = record();
  await client.createSession(session);
  const expected = {
    customer_id: customerId,
    customer_name: "Acme Inc.",
    customer_email: "people@acme.example",
    products: ["company", "directory"],
    integration: { provider: "gusto", auth_method: "credential" },
    minutes_to_expire: 30,
    redirect_uri: "https://perch.example/connect/callback",
    sandbox: "provider",
  } satisfies Finch.Connect.SessionNewParams;
  expect(calls).toMatchObject([{ method: "POST", path: "/connect/sessions", timeoutMs: 20_000, body: expected }]);
  // RFC 7617 §2.
  const basic = Buffer.from("the-client:not-a-real-secret").toString("base64");
  expect(calls[0]?.authorization?.reveal()).toBe(`Basic ${basic}`);
});

it("leaves out of a session what was not asked for", async () => {
  const { client, calls } = record();
  await client.createSession({ ...session, customerEmail: null, integration: null, sandbox: undefined });
  const expected = {
    customer_id: customerId,
    customer_name: "Acme Inc.",
    products: ["company", "directory"],
    minutes_to_expire: 30,
    redirect_uri: "https://perch.example/connect/callback",
  } satisfies Finch.Connect.SessionNewParams;
  expect(calls[0]?.body).toStrictEqual(expected);
});

it("leaves out the authentication method that nobody asked for", async () => {
  const { client, calls } = record();
  await client.createSession({ ...session, integration: { provider: "gusto", authMethod: null } });
  const integration = { provider: "gusto" } satisfies Finch.Connect.SessionNewParams["integration"];
  expect(calls[0]?.body?.["integration"]).toStrictEqual(integration);
});

it("exchanges a code in Finch's words", async () => {
  const { client, calls } = record();
  await client.exchangeCode(secret("not-a-real-code"), "https://perch.example/connect/callback", 1_234);
  const expected = {
    client_id: "the-client",
    client_secret: "not-a-real-secret",
    code: "not-a-real-code",
    redirect_uri: "https://perch.example/connect/callback",
  } satisfies Finch.AccessTokenCreateParams;
  expect(calls).toStrictEqual([{ method: "POST", path: "/auth/token", timeoutMs: 1_234, body: expected }]);
});

it("reads a grant by Finch's names", () => {
  const answer = {
    access_token: "not-a-real-access-token",
    client_type: "production",
    connection_id: "the-connection",
    connection_type: "finch",
    entity_ids: ["e1", "e2"],
    products: ["company"],
    provider_id: "gusto",
    token_type: "bearer",
    company_id: "the-company",
    customer_id: "acme",
  } satisfies Finch.CreateAccessTokenResponse;
  const { accessToken, ...grant } = readTokenGrant(answer) ?? expect.fail();
  expect(accessToken.reveal()).toBe("not-a-real-access-token");
  expect(grant).toEqual({
    connectionId: "the-connection",
    entityIds: ["e1", "e2"],
    clientType: "production",
    connectionType: "finch",
    products: ["company"],
    providerId: "gusto",
    customerId: "acme",
    companyId: "the-company",
  });
});

it("reads an introspection by Finch's names", () => {
  const answer = {
    id: "the-token",
    client_id: "the-client",
    client_type: "production",
    connection_id: "the-connection",
    connection_status: { status: "processing", last_successful_sync: "2026-11-22T10:00:00.000Z" },
    connection_type: "provider",
    products: ["company"],
    provider_id: "gusto",
    authentication_methods: [{ type: "oauth", connection_status: { status: "reauth" }, products: ["company"] }],
    entities: [{ id: "e1", name: "West", source_id: "w", status: "error_permissions" }],
    company_id: "the-company",
    customer_id: "acme",
    username: "good_user",
  } satisfies Finch.Introspection;
  expect(readIntrospection(answer)).toEqual({
    clientId: "the-client",
    connectionId: "the-connection",
    clientType: "production",
    connectionType: "provider",
    providerId: "gusto",
    status: "processing",
    lastSuccessfulSync: new Date("2026-11-22T10:00:00.000Z"),
    products: ["company"],
    authenticationMethods: [{ type: "oauth", status: "reauth", products: ["company"] }],
    entities: [{ id: "e1", name: "West", sourceId: "w", status: "error_permissions" }],
    customerId: "acme",
    companyId: "the-company",
    username: "good_user",
  });
});
