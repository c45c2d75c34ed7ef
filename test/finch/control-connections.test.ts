import { describe, expect, it } from "vitest";
import { sha256 } from "../../local/finch/model.ts";
import { failureOf, startFinch } from "./support.ts";

/** Mints a token at the control door. */
const mint = async ({ control }: Awaited<ReturnType<typeof startFinch>>, asked: object) => {
  const { status, body } = await control("POST", "tokens", asked);
  expect(status).toBe(200);
  return body as unknown as { readonly access_token: string; readonly connection_id: string };
};

describe("the control door's list of connections", () => {
  it("has every connection with its live tokens, and what each of them covers", async () => {
    const { connectAndExchange, control, as } = await startFinch();
    const login = { username: "multi_entity" };
    const all = await connectAndExchange({}, login);
    const one = await connectAndExchange({ products: ["company"] }, { ...login, entities: ["Acme Inc."] });
    const ended = await connectAndExchange({}, { provider: "rippling" });
    await as(ended.access_token).account.disconnect();
    const { body } = await control("GET", "connections");
    expect(body.connections).toMatchObject([
      {
        id: all.connection_id,
        customerId: "acme",
        providerId: "gusto",
        status: "connected",
        entities: [{ name: "Acme Inc." }, { name: "Acme Inc. East" }, { name: "Acme Inc. West" }],
        liveTokens: [
          { hash: sha256(all.access_token), products: ["company", "directory"], entityIds: all.entity_ids },
          { hash: sha256(one.access_token), products: ["company"], entityIds: one.entity_ids },
        ],
      },
      { id: ended.connection_id, status: "disconnected", liveTokens: [] },
    ]);
    for (const grant of [all, one]) expect(JSON.stringify(body)).not.toContain(grant.access_token);
  });
});

describe("changing a connection at the control door", () => {
  it("sets its status, an entity's, and its customer", async () => {
    const { connectAndExchange, control, as, exchange, connectForCode } = await startFinch();
    const grant = await connectAndExchange({ customer_email: "hr@acme.example" }, { username: "multi_entity" });
    const [one = ""] = grant.entity_ids;
    await control("POST", `connections/${grant.connection_id}`, {
      status: "error_permissions",
      entities: { [one]: "pending" },
      customer_id: "globex",
    });
    expect(await as(grant.access_token).account.introspect()).toMatchObject({
      connection_status: { status: "error_permissions" },
      entities: [{ status: "pending" }, { status: "error_permissions" }, { status: "error_permissions" }],
      customer_id: "globex",
      customer_email: "hr@acme.example",
    });
    await control("POST", `connections/${grant.connection_id}`, { customer_id: null });
    expect(await as(grant.access_token).account.introspect()).toMatchObject({ customer_id: null });
    const again = await exchange(await connectForCode({}, { username: "multi_entity" }));
    expect(again.customer_id).toBeNull();
  });

  it("ends it, as the employer may at any time", async () => {
    const { connectAndExchange, control, as } = await startFinch();
    const grant = await connectAndExchange();
    await control("POST", `connections/${grant.connection_id}`, { status: "disconnected" });
    expect(await failureOf(as(grant.access_token).account.introspect())).toMatchObject({
      status: 401,
      error: { name: "invalid_token_error" },
    });
    expect((await connectAndExchange()).connection_id).not.toBe(grant.connection_id);
  });

  it("refuses what it does not know, and changes nothing", async () => {
    const { connectAndExchange, control } = await startFinch();
    const { connection_id: connectionId } = await connectAndExchange();
    const before = (await control("GET", "connections")).body;
    for (const [field, change] of [
      ["status", { customer_id: "globex", status: "error_reauth" }],
      ["entities", { status: "reauth", entities: { nothing: "reauth" } }],
      ["entities", { status: "reauth", entities: [] }],
      ["entities", { status: "reauth", entities: "all" }],
      ["customer_id", { status: "reauth", customer_id: 1 }],
    ] as const) {
      const { status, body } = await control("POST", `connections/${connectionId}`, change);
      expect([status, body.message.startsWith(field)]).toEqual([400, true]);
    }
    expect((await control("GET", "connections")).body).toEqual(before);
    expect((await control("POST", "connections/nothing", { status: "reauth" })).status).toBe(404);
  });
});

describe("tokens from the control door", () => {
  it("work without Connect, for the connection that the login reaches", async () => {
    const finch = await startFinch();
    const made = await mint(finch, { provider: "gusto", customer_id: "acme", company: "Acme Inc." });
    expect(await finch.as(made.access_token).account.introspect()).toMatchObject({
      connection_id: made.connection_id,
      client_type: "sandbox",
      customer_id: "acme",
      entities: [{ name: "Acme Inc." }],
    });
    expect((await finch.connectAndExchange()).connection_id).toBe(made.connection_id);
    const more = await mint(finch, { connection_id: made.connection_id, products: ["payment"] });
    expect(more.connection_id).toBe(made.connection_id);
    expect((await finch.as(more.access_token).account.introspect()).products).toEqual(["payment"]);
  });

  it("may be another application's, of another environment, of nobody, or of several entities", async () => {
    const finch = await startFinch();
    const asked = { provider: "adp_run", client_id: "elsewhere", client_type: "production", username: "multi_entity" };
    const { access_token: accessToken } = await mint(finch, asked);
    const described = await finch.as(accessToken).account.introspect();
    expect(described).toMatchObject({ client_id: "elsewhere", client_type: "production", customer_id: null });
    expect(described.entities).toHaveLength(3);
  });

  it("are refused for what is unknown", async () => {
    const { control, simulator } = await startFinch();
    for (const asked of [
      {},
      { provider: "nobody" },
      { provider: "gusto", username: "somebody" },
      { provider: "gusto", client_type: "staging" },
      { provider: "gusto", products: ["salary"] },
      { provider: "gusto", client_id: "" },
      { connection_id: "nothing" },
    ]) {
      expect((await control("POST", "tokens", asked)).status).toBe(400);
    }
    expect(simulator.state.connections.size).toBe(0);
  });

  it("are not for web pages", async () => {
    const { baseURL } = await startFinch();
    const init = { method: "POST", headers: { origin: "https://evil.example" }, body: '{"provider":"gusto"}' };
    expect((await fetch(`${baseURL}/_control/tokens`, init)).status).toBe(403);
    expect((await fetch(`${baseURL}/_control/connections/x`, init)).status).toBe(403);
  });
});
