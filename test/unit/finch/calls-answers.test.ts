/** What each answer of Finch's means to the call that it answers. */
import { describe, expect, it } from "vitest";
import { aClient, all, ask, calls, connectionId, lost } from "./calls-setting.ts";

describe("an answer", () => {
  it.each(all)("that did not come is passed on as it is, by %s", async (call) => {
    expect(await calls[call](aClient())).toBe(lost);
  });

  it.each(all)("that is a failure means the same to %s as to every call", async (call) => {
    expect(await ask(call, 429, {})).toEqual({ kind: "undecided", reason: "rate_limited" });
    expect(await ask(call, 500, {})).toEqual({ kind: "undecided", reason: "server_error" });
    expect(await ask(call, 408, {})).toEqual({ kind: "undecided", reason: "server_error" });
    expect(await ask(call, 399, {})).toEqual({ kind: "undecided", reason: "unreadable" });
    expect(await ask(call, 402, { name: "payment_required" })).toEqual({
      ...{ kind: "platform_trouble", reason: "payment_required" },
    });
    expect(await ask(call, 403)).toEqual({ kind: "platform_trouble", reason: "http_403" });
  });

  const created = { connect_url: "https://connect.example/1", session_id: "s1" };
  it.each(["createSession", "createReauthentication"] as const)(
    "of %s leads to Connect, or says why not",
    async (call) => {
      const connectUrl = created.connect_url;
      expect(await ask(call, 201, created)).toEqual({ kind: "created", connectUrl, finchSessionId: "s1" });
      expect(await ask(call, 201, { ...created, session_id: 7 })).toEqual({
        kind: "created",
        connectUrl,
        finchSessionId: "",
      });
      expect(await ask(call, 200, created)).toEqual({ kind: "undecided", reason: "unreadable" });
      for (const connect_url of [undefined, 7, new URL(connectUrl), "nowhere"]) {
        expect(await ask(call, 201, { ...created, connect_url })).toEqual({ kind: "undecided", reason: "unreadable" });
      }
      for (const status of [400, 422]) {
        expect(await ask(call, status, { message: "m".repeat(301) })).toEqual({
          kind: "refused",
          message: "m".repeat(300),
        });
        expect(await ask(call, status, { message: 7 })).toEqual({ kind: "refused", message: "no reason given" });
        expect(await ask(call, status)).toEqual({ kind: "refused", message: "no reason given" });
      }
    },
  );

  it("that a connection is unknown refuses its reauthentication, and no new session", async () => {
    expect(await ask("createReauthentication", 404, {})).toMatchObject({ kind: "refused" });
    expect(await ask("createSession", 404, {})).toMatchObject({ kind: "platform_trouble" });
  });

  const grant = { access_token: "t", connection_id: connectionId, provider_id: "gusto", client_type: "sandbox" };
  it("of the exchange is a grant with 200 only, and a used code by either of its names with 400 only", async () => {
    expect(await ask("exchangeCode", 200, grant)).toMatchObject({ kind: "granted" });
    expect(await ask("exchangeCode", 201, grant)).toEqual({ kind: "undecided", reason: "unreadable" });
    expect(await ask("exchangeCode", 200)).toEqual({ kind: "undecided", reason: "unreadable" });
    for (const name of ["invalid_grant_error", "invalid_grant"]) {
      expect(await ask("exchangeCode", 400, { name })).toEqual({ kind: "invalid_grant" });
      expect(await ask("exchangeCode", 401, { name })).toEqual({ kind: "platform_trouble", reason: name });
    }
    expect(await ask("exchangeCode", 400, {})).toEqual({ kind: "platform_trouble", reason: "http_400" });
  });

  const introspection = { ...grant, connection_status: { status: "connected" } };
  it("of the introspection is one with 200 only, and is about the connection with 401 only", async () => {
    expect(await ask("introspect", 200, introspection)).toMatchObject({ kind: "introspected" });
    expect(await ask("introspect", 202, introspection)).toEqual({ kind: "undecided", reason: "unreadable" });
    expect(await ask("introspect", 401, introspection)).toEqual({ kind: "platform_trouble", reason: "http_401" });
    for (const [name, kind] of [
      ["reauthenticate_user", "reauthenticate_user"],
      ["account_setup_required", "account_setup_required"],
      ["invalid_token_error", "invalid_token"],
    ] as const) {
      expect(await ask("introspect", 401, { name: "x", finch_code: name })).toEqual({ kind });
      expect(await ask("introspect", 403, { name })).toEqual({ kind: "platform_trouble", reason: name });
    }
  });

  it.each(["disconnect", "disconnectEntities"] as const)("of %s is its end with 200 only", async (call) => {
    expect(await ask(call, 200, {})).toEqual({ kind: "disconnected" });
    expect(await ask(call, 204, {})).toEqual({ kind: "undecided", reason: "unreadable" });
    expect(await ask(call, 401, { name: "invalid_token_error" })).toEqual({ kind: "invalid_token" });
    expect(await ask(call, 401, {})).toMatchObject({ kind: "platform_trouble" });
    expect(await ask(call, 403, { name: "invalid_token_error" })).toMatchObject({ kind: "platform_trouble" });
  });

  it("that an entity is unknown comes as 404, or as 400 under two names", async () => {
    expect(await ask("disconnectEntities", 404, {})).toEqual({ kind: "unknown_entity" });
    for (const name of ["invalid_request", "bad_request"]) {
      expect(await ask("disconnectEntities", 400, { name })).toEqual({ kind: "unknown_entity" });
      expect(await ask("disconnectEntities", 403, { name })).toMatchObject({ kind: "platform_trouble" });
    }
    expect(await ask("disconnectEntities", 400, { name: "other" })).toMatchObject({ kind: "platform_trouble" });
    expect(await ask("disconnect", 404, {})).toMatchObject({ kind: "platform_trouble" });
  });
});

describe("an answer about a token", () => {
  const least = { connection_id: connectionId, provider_id: "gusto", client_type: "sandbox" };
  const introspect = async (body: object) => {
    const found = await ask("introspect", 200, { ...least, connection_status: { status: "connected" }, ...body });
    return found.kind === "introspected" ? found.introspection : expect.fail(found.kind);
  };

  it("may hold empty texts, which say nothing, and lists with other things in them", async () => {
    const body = {
      customer_id: "",
      company_id: "",
      username: "",
      products: ["company", 7, null],
      connection_type: "finch",
    };
    expect(await introspect({ ...body, entities: [{ id: "" }, { id: "e1", name: "" }, "e2", null] })).toMatchObject({
      ...{ customerId: null, companyId: null, username: null, products: ["company"], connectionType: "finch" },
      entities: [{ id: "e1", name: null, sourceId: null, status: null }],
    });
  });

  it("has no lists where there are none, and is of a provider where it does not say", async () => {
    expect(await introspect({ entities: {}, authentication_methods: "x", products: "company" })).toMatchObject({
      ...{ entities: [], authenticationMethods: [], products: [], connectionType: "provider" },
    });
  });

  it.each([
    ["2026-03-01T09:30:00.000Z", new Date("2026-03-01T09:30:00.000Z")],
    ["soon", null],
    [7, null],
    [undefined, null],
  ])("was synchronised at %j", async (last_successful_sync, expected) => {
    const { lastSuccessfulSync } = await introspect({
      connection_status: { status: "connected", last_successful_sync },
    });
    expect(lastSuccessfulSync).toEqual(expected);
  });

  it.each([undefined, null, "connected", ["connected"]])("cannot be read with the status %j", async (status) => {
    const body = { ...least, connection_status: status };
    expect(await ask("introspect", 200, body)).toEqual({ kind: "undecided", reason: "unreadable" });
  });
});
