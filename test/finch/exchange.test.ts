import Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import { application, failureOf, otherApplication, startFinch, uuid } from "./support.ts";

const invalidGrant = {
  status: 400,
  error: { code: 400, statusCode: 400, status: 400, name: "invalid_grant_error" },
};

describe("the code exchange", () => {
  it("answers every field that Finch documents", async () => {
    const { connectAndExchange } = await startFinch();
    const grant = await connectAndExchange({ products: ["company", "directory", "company"] });
    expect(grant).toEqual({
      access_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      token_type: "bearer",
      connection_id: expect.stringMatching(uuid),
      entity_ids: [expect.stringMatching(uuid)],
      client_type: "sandbox",
      connection_type: "provider",
      products: ["company", "directory"],
      provider_id: "gusto",
      customer_id: "acme",
      customer_name: "Acme Inc.",
      account_id: expect.stringMatching(uuid),
      company_id: expect.stringMatching(uuid),
    });
    expect(new Set([grant.connection_id, grant.account_id, grant.company_id]).size).toBe(3);
  });

  it("grants only what the provider supports", async () => {
    const { connectAndExchange } = await startFinch();
    const grant = await connectAndExchange({ products: ["company", "payment"] }, { provider: "bamboo_hr" });
    expect(grant.products).toEqual(["company"]);
  });

  it("takes a code until ten minutes have passed, and not at ten", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const { connectForCode, exchange } = await startFinch({ clock: () => new Date(now) });
    const [early, late] = [await connectForCode(), await connectForCode()];
    now += 9 * 60_000 + 59_000;
    await expect(exchange(early)).resolves.toMatchObject({ token_type: "bearer" });
    now += 1000;
    expect(await failureOf(exchange(late))).toMatchObject(invalidGrant);
  });

  it("takes a code once, even when two ask at once", async () => {
    const { connectForCode, exchange, simulator } = await startFinch();
    const code = await connectForCode();
    const results = await Promise.allSettled([exchange(code), exchange(code)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const error = await failureOf(exchange(code));
    expect(error).toBeInstanceOf(Finch.BadRequestError);
    expect(error).toMatchObject(invalidGrant);
    expect(simulator.state.tokens.size).toBe(1);
  });

  it.each([
    ["another registered redirect_uri", { redirect_uri: application.redirectUris[1] }],
    ["no redirect_uri", { redirect_uri: undefined }],
    ["another client", { client_id: otherApplication.clientId }],
    ["an unknown code", { code: "6c0a2f4e-0000-4000-8000-000000000000" }],
  ])("refuses %s, and the right call still works", async (_, change) => {
    const { connectForCode, exchange } = await startFinch();
    const code = await connectForCode();
    const wrong = change as Partial<Finch.AccessTokenCreateParams>;
    expect(await failureOf(exchange(code, wrong))).toMatchObject(invalidGrant);
    await expect(exchange(code)).resolves.toMatchObject({ provider_id: "gusto" });
  });

  it("refuses a wrong secret as Finch does, and leaves the code alone", async () => {
    const { connectForCode, exchange } = await startFinch();
    const code = await connectForCode();
    const error = await failureOf(exchange(code, { client_secret: "guess" }));
    expect(error).toBeInstanceOf(Finch.AuthenticationError);
    expect(error).toMatchObject({ status: 401, error: { code: 401, name: "invalid_client_error" } });
    await expect(exchange(code)).resolves.toBeTruthy();
  });

  it("names a missing code", async () => {
    const { exchange } = await startFinch();
    const error = await failureOf(exchange(""));
    expect(error).toMatchObject({ status: 400, error: { name: "bad_request", message: "code is required" } });
  });
});

describe("introspection", () => {
  it("answers every field that Finch documents", async () => {
    const { connectAndExchange, as } = await startFinch();
    const grant = await connectAndExchange({ customer_email: "hr@acme.example" });
    const status = { status: "connected", last_successful_sync: null };
    expect(await as(grant.access_token).account.introspect()).toEqual({
      id: expect.stringMatching(uuid),
      client_id: application.clientId,
      client_type: "sandbox",
      connection_id: grant.connection_id,
      connection_status: status,
      connection_type: "provider",
      products: ["company", "directory"],
      provider_id: "gusto",
      payroll_provider_id: "gusto",
      authentication_methods: [{ type: "oauth", connection_status: status, products: ["company", "directory"] }],
      customer_id: "acme",
      customer_name: "Acme Inc.",
      customer_email: "hr@acme.example",
      entities: [{ id: grant.entity_ids[0], name: "Acme Inc.", source_id: null, status: "connected" }],
      manual: false,
      username: "good_user",
      account_id: grant.account_id,
      company_id: grant.company_id,
    });
  });

  it("refuses a wrong token and no token with their own bodies", async () => {
    const { as, baseURL } = await startFinch();
    const error = await failureOf(as("wrong").account.introspect());
    expect(error).toBeInstanceOf(Finch.AuthenticationError);
    expect(error).toMatchObject({ status: 401, error: { name: "invalid_token_error" } });
    const response = await fetch(`${baseURL}/introspect`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 401, name: "unauthorized_request_error" });
  });
});
