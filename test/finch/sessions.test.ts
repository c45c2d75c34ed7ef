import Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import { application, aSession, failureOf, startFinch, uuid } from "./support.ts";

describe("Connect sessions", () => {
  it("answer a session and its URL to Finch's SDK", async () => {
    const { sdk, baseURL } = await startFinch();
    const { data, response } = await sdk.connect.sessions.new(aSession).withResponse();
    expect(response.status).toBe(201);
    expect(response.headers.get("finch-request-id")).toMatch(uuid);
    expect(data.session_id).toMatch(uuid);
    expect(data).toEqual({
      session_id: data.session_id,
      connect_url: `${baseURL}/authorize?session=${data.session_id}`,
    });
  });

  it("name the public address when there is one", async () => {
    const { sdk } = await startFinch({ publicUrl: "https://connect.example" });
    const { connect_url: connectUrl } = await sdk.connect.sessions.new(aSession);
    expect(new URL(connectUrl).origin).toBe("https://connect.example");
  });

  it.each([
    ["customer_id", { customer_id: "" }],
    ["customer_id", { customer_id: "c".repeat(256) }],
    ["customer_id", { customer_id: undefined }],
    ["customer_name", { customer_name: "" }],
    ["customer_name", { customer_name: "n".repeat(256) }],
    ["customer_email", { customer_email: "nobody" }],
    ["products", { products: [] }],
    ["products", { products: undefined }],
    ["products[1]", { products: ["company", "salary"] }],
    ["products", { products: ["deduction", "benefits"] }],
    ["redirect_uri", { redirect_uri: "https://app.example/elsewhere" }],
    ["redirect_uri", { redirect_uri: 1 }],
    ["minutes_to_expire", { minutes_to_expire: 0 }],
    ["minutes_to_expire", { minutes_to_expire: 129_601 }],
    ["minutes_to_expire", { minutes_to_expire: "60" }],
    ["manual", { manual: "yes" }],
    ["sandbox", { sandbox: "true" }],
    ["integration", { integration: "gusto" }],
    ["integration.provider", { integration: { provider: "nobody" } }],
    ["integration.auth_method", { integration: { provider: "gusto", auth_method: "magic" } }],
  ])("refuse a bad %s, by name: %o", async (field, change) => {
    const { sdk, simulator } = await startFinch();
    const body = { ...aSession, ...change } as Finch.Connect.SessionNewParams;
    const error = await failureOf(sdk.connect.sessions.new(body));
    expect(error).toBeInstanceOf(Finch.BadRequestError);
    expect(error).toMatchObject({
      status: 400,
      error: { code: 400, statusCode: 400, status: 400, name: "bad_request", finch_code: "invalid_request" },
    });
    expect((error as { error: { message: string } }).error.message.startsWith(`${field} `)).toBe(true);
    expect(simulator.state.sessions.size).toBe(0);
  });

  it("accept what is at the limits, and null for what may be left out", async () => {
    const { sdk } = await startFinch();
    const longest = { customer_id: "c".repeat(255), customer_name: "n".repeat(255), minutes_to_expire: 129_600 };
    const nothing = { customer_email: null, redirect_uri: null, manual: null, sandbox: null, integration: null };
    await expect(sdk.connect.sessions.new({ ...aSession, ...longest })).resolves.toBeTruthy();
    await expect(sdk.connect.sessions.new({ ...aSession, ...nothing, minutes_to_expire: 1 })).resolves.toBeTruthy();
  });

  it.each([
    ["another secret", "Basic", `${application.clientId}:guess`],
    ["an unknown client", "Basic", `nobody:${application.clientSecret}`],
    ["no colon", "Basic", application.clientId],
    ["a Bearer token", "Bearer", `${application.clientId}:${application.clientSecret}`],
  ])("refuse a caller with %s", async (_, scheme, credentials) => {
    const { baseURL } = await startFinch();
    const authorization = `${scheme} ${btoa(credentials)}`;
    const response = await fetch(`${baseURL}/connect/sessions`, {
      method: "POST",
      headers: { authorization },
      body: JSON.stringify(aSession),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ name: "invalid_client_error" });
  });

  it.each([
    ["malformed JSON", "{"],
    ["a list", "[]"],
    ["more than 64 KB", JSON.stringify({ ...aSession, customer_name: "n".repeat(70_000) })],
  ])("refuse a body that is %s", async (_, body) => {
    const { baseURL } = await startFinch();
    const authorization = `Basic ${btoa(`${application.clientId}:${application.clientSecret}`)}`;
    const response = await fetch(`${baseURL}/connect/sessions`, { method: "POST", headers: { authorization }, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ name: "bad_request", finch_code: "invalid_request" });
  });

  it("answer 404 in Finch's form for what does not exist", async () => {
    const { baseURL } = await startFinch();
    for (const [method, path] of [
      ["GET", "/nothing"],
      ["GET", "/auth/token"],
      ["GET", "/toString"],
      ["GET", "//evil"],
    ] as const) {
      const response = await fetch(baseURL + path, { method });
      expect(response.status).toBe(404);
      expect(response.headers.get("finch-request-id")).toMatch(uuid);
      expect(await response.json()).toMatchObject({ code: 404, name: "not_found_error" });
    }
  });
});

describe("providers", () => {
  it("are listed in Finch's form", async () => {
    const { as } = await startFinch();
    const listed = [];
    for await (const provider of as("any").providers.list()) listed.push(provider);
    expect(listed.length).toBeGreaterThanOrEqual(6);
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(["gusto", "bamboo_hr", "adp_run", "rippling"]));
    for (const provider of listed) {
      expect(provider.display_name).not.toBe("");
      expect(provider.products).toContain("company");
      expect(provider.authentication_methods?.length).toBeGreaterThan(0);
    }
  });
});
