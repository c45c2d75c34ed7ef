import Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import { application, failureOf, otherApplication, startFinch, uuid } from "./support.ts";

describe("sandbox connections", () => {
  it("are made without Connect, with a token that works and no customer", async () => {
    const { sdk, as } = await startFinch();
    const made = await sdk.sandbox.connections.create({ provider_id: "rippling" });
    expect(made).toEqual({
      access_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      token_type: "bearer",
      connection_id: expect.stringMatching(uuid),
      entity_id: expect.stringMatching(uuid),
      account_id: expect.stringMatching(uuid),
      company_id: expect.stringMatching(uuid),
      provider_id: "rippling",
      authentication_type: "credential",
      products: ["company", "directory", "employment", "individual"],
    });
    expect(await as(made.access_token).account.introspect()).toMatchObject({
      client_id: application.clientId,
      client_type: "sandbox",
      connection_id: made.connection_id,
      connection_type: "finch",
      entities: [{ id: made.entity_id, status: "connected" }],
      customer_id: null,
    });
    const other = await sdk.sandbox.connections.create({
      provider_id: "rippling",
      authentication_type: "api_token",
      products: ["company", "ssn"],
      employee_size: 3,
    });
    expect(other).toMatchObject({ authentication_type: "api_token", products: ["company", "ssn"] });
    expect(new Set([made.company_id, other.company_id, made.connection_id, other.connection_id]).size).toBe(4);
  });

  it.each([
    ["validation_error", { provider_id: "nobody" }],
    ["validation_error", { provider_id: "zenefits", authentication_type: "credential" }],
    ["bad_request", { provider_id: "gusto", products: ["salary"] }],
    ["bad_request", { provider_id: "gusto", employee_size: 0 }],
  ])("are refused with %s for %o", async (name, body) => {
    const { sdk, simulator } = await startFinch();
    const error = await failureOf(
      sdk.sandbox.connections.create(body as Finch.Sandbox.Connections.ConnectionCreateParams),
    );
    expect(error).toBeInstanceOf(Finch.BadRequestError);
    expect(error).toMatchObject({ status: 400, error: { name } });
    expect(simulator.state.connections.size).toBe(0);
  });

  it("are for applications of the sandbox only", async () => {
    const { sdk } = await startFinch({ applications: [{ ...application, clientType: "development" }] });
    const error = await failureOf(sdk.sandbox.connections.create({ provider_id: "gusto" }));
    expect(error).toMatchObject({ status: 401, error: { name: "invalid_client_error" } });
  });
});

describe("sandbox accounts", () => {
  it("are one more token of a connection, with products of its own", async () => {
    const { sdk, as, connectAndExchange } = await startFinch();
    const connected = await connectAndExchange();
    const made = await sdk.sandbox.connections.accounts.create({
      company_id: connected.company_id ?? "",
      provider_id: "gusto",
      products: ["company", "payment"],
    });
    expect(made).toMatchObject({
      connection_id: connected.connection_id,
      entity_id: connected.entity_ids[0],
      products: ["company", "payment"],
    });
    const tokens = [connected.access_token, made.access_token];
    const described = await Promise.all(tokens.map((accessToken) => as(accessToken).account.introspect()));
    expect(described.map(({ products }) => products)).toEqual([
      ["company", "directory"],
      ["company", "payment"],
    ]);
    expect(described[1]).toMatchObject({ customer_id: "acme" });
  });

  it("are not made for a company that is unknown, ended, or another application's", async () => {
    const { sdk, as, connectAndExchange } = await startFinch();
    const grant = await connectAndExchange();
    const account = { company_id: grant.company_id ?? "", provider_id: "gusto" };
    const other = sdk.withOptions({ clientID: otherApplication.clientId });
    const refused = [
      () => sdk.sandbox.connections.accounts.create({ ...account, company_id: grant.connection_id }),
      () => sdk.sandbox.connections.accounts.create({ ...account, provider_id: "rippling" }),
      () => other.sandbox.connections.accounts.create(account),
    ];
    for (const call of refused) expect(await failureOf(call())).toMatchObject({ status: 404 });
    await as(grant.access_token).account.disconnect();
    expect(await failureOf(sdk.sandbox.connections.accounts.create(account))).toMatchObject({ status: 404 });
  });

  it("take a status, which every token of the connection reports", async () => {
    const { as, connectAndExchange, reauthenticate } = await startFinch();
    const [first, second] = [await connectAndExchange(), await connectAndExchange()];
    const { sandbox } = as(first.access_token);
    const updated = await sandbox.connections.accounts.update({ connection_status: "reauth" });
    expect(updated).toMatchObject({
      connection_id: first.connection_id,
      entity_id: first.entity_ids[0],
      products: ["company", "directory"],
    });
    expect(updated).not.toHaveProperty("access_token");
    const statusOf = async () => {
      const { connection_status: status, entities } = await as(second.access_token).account.introspect();
      return [status.status, entities?.[0]?.status];
    };
    expect(await statusOf()).toEqual(["reauth", "reauth"]);
    await sandbox.connections.accounts.update({});
    expect(await statusOf()).toEqual(["reauth", "reauth"]);
    const misspelt = { connection_status: "error_reauth" } as unknown as Finch.Sandbox.Connections.AccountUpdateParams;
    expect(await failureOf(sandbox.connections.accounts.update(misspelt))).toMatchObject({ status: 400 });
    await reauthenticate(first.connection_id);
    expect(await statusOf()).toEqual(["connected", "connected"]);
  });

  it("take no status from a token of another environment", async () => {
    const { as, control } = await startFinch();
    const { body } = await control("POST", "tokens", { provider: "gusto", client_type: "production" });
    const { access_token: accessToken } = body as unknown as { access_token: string };
    expect(await failureOf(as(accessToken).sandbox.connections.accounts.update({}))).toMatchObject({ status: 401 });
  });
});
