/** What each call of Finch's API sends, to the letter. */
import { describe, expect, it } from "vitest";
import { secret } from "#shared/secret.ts";
import {
  aClient,
  all,
  type Call,
  calls,
  connectionId,
  customerId,
  reauthentication,
  redirectUri,
  session,
} from "./calls-setting.ts";

const basic = `Basic ${Buffer.from("the-client:its-secret").toString("base64")}`;
const interactive = { authorization: basic, timeoutMs: 20_000 };
const withToken = { authorization: "Bearer the-token", timeoutMs: 20_000 };
const credentials = { client_id: "the-client", client_secret: "its-secret" };

describe("what is sent", () => {
  const expected: Record<Call, object> = {
    createSession: {
      ...{ method: "POST", path: "/connect/sessions", ...interactive },
      body: {
        ...{ customer_id: customerId, customer_name: "Acme Inc.", customer_email: "people@acme.example" },
        ...{ products: ["company"], redirect_uri: redirectUri, minutes_to_expire: 30, sandbox: "finch" },
        integration: { provider: "gusto", auth_method: "credential" },
      },
    },
    createReauthentication: {
      ...{ method: "POST", path: "/connect/sessions/reauthenticate", ...interactive },
      body: { connection_id: connectionId, products: ["company"], minutes_to_expire: 30, redirect_uri: redirectUri },
    },
    exchangeCode: {
      ...{ method: "POST", path: "/auth/token", timeoutMs: 5_000, authorization: undefined },
      body: { ...credentials, code: "the-code", redirect_uri: redirectUri },
    },
    introspect: { method: "GET", path: "/introspect", ...withToken },
    disconnect: { method: "POST", path: "/disconnect", ...withToken },
    disconnectEntities: {
      ...{ method: "POST", path: "/disconnect-entity", ...withToken },
      body: { entity_ids: ["e1", "e2"] },
    },
  };

  it.each(all)("by %s", async (call) => {
    const client = aClient();
    await calls[call](client);
    expect(client.sent()).toStrictEqual([expected[call]]);
  });

  it("leaves out what is not asked for", async () => {
    const { finch, sent } = aClient();
    const plain = { customerEmail: null, integration: null, redirectUri: null, sandbox: undefined };
    await finch.createSession({ ...session, ...plain });
    await finch.createSession({ ...session, ...plain, integration: { provider: "gusto", authMethod: null } });
    await finch.createReauthentication({ ...reauthentication, products: null, redirectUri: null });
    await finch.exchangeCode(secret("the-code"), null, 5_000);
    const least = { customer_id: customerId, customer_name: "Acme Inc.", products: ["company"], minutes_to_expire: 30 };
    expect(sent().map(({ body }) => body)).toStrictEqual([
      least,
      { ...least, integration: { provider: "gusto" } },
      { connection_id: connectionId, minutes_to_expire: 30 },
      { ...credentials, code: "the-code" },
    ]);
  });

  it("has the application's id", async () => {
    expect(await aClient().finch.clientId()).toBe("the-client");
  });
});
