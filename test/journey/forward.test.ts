/** Finch's own SDK, with Perch in between: what it gives is what Finch gives. */
import Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { pathOf, readConnection } from "../support/connections.ts";
import { connect, createCustomer, type TestCustomer } from "../support/journey.ts";
import { sendRaw } from "../support/raw-request.ts";
import { getApiToken, readStack } from "../support/stack.ts";
import { awaitStatus, setStatus } from "../support/trouble.ts";

const forwardUrl = (customer: TestCustomer, connectionId: string): string =>
  new URL(`${pathOf(customer, connectionId)}/finch`, readStack().apiUrl).href;

/** The SDK with Perch as its address, and straight to Finch with the token that Perch would use. */
const createClients = async (customer: TestCustomer, connectionId: string, products: readonly string[]) => {
  const handedOut = await callBackend(`${pathOf(customer, connectionId)}/access-token`, {
    json: { products, reason: "test" },
  });
  const token = handedOut.json<schema.AccessToken>().access_token;
  return {
    through: new Finch({
      accessToken: await getApiToken(),
      baseURL: forwardUrl(customer, connectionId),
      maxRetries: 0,
    }),
    straight: new Finch({ accessToken: token, baseURL: readStack().finchUrl, maxRetries: 0 }),
  };
};

describe("Finch's SDK through Perch", () => {
  it("reads the company, the one entity named for it", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    const { through, straight } = await createClients(customer, connectionId, ["company"]);
    const { entities } = await readConnection(customer, connectionId);
    const direct = await straight.hris.company.retrieve({ entity_ids: [entities[0]?.id ?? ""] });
    expect(await through.hris.company.retrieve()).toEqual(direct);
    const audit = (await callBackend(`${customer.path}/audit`)).json<schema.AuditPage>().audit;
    expect(audit[0]).toMatchObject({
      action: "request_forwarded",
      request: { method: "GET", path: "/employer/company" },
      caller: readStack().clientId,
    });
  });

  it("hears Finch's own 401 when the customer must sign in, which Perch takes as a hint; then Perch answers in its place", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    const { through } = await createClients(customer, connectionId, ["company"]);
    await setStatus(connectionId, "reauth");
    const first = await through.hris.company.retrieve().catch((error: unknown) => error);
    expect(first).toBeInstanceOf(Finch.AuthenticationError);
    expect(first).toMatchObject({ status: 401, error: { finch_code: "reauthenticate_user" } });
    await awaitStatus({ customer, connectionId }, "reauth");
    const second = await through.hris.company.retrieve().catch((error: unknown) => error);
    expect(second).toMatchObject({ status: 401, error: { finch_code: "reauthenticate_user" } });
    expect((second as InstanceType<typeof Finch.APIError>).headers?.get("x-should-retry")).toBe("false");
  });

  it("gets nowhere but where it may", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    const authorization = `Bearer ${await getApiToken()}`;
    const at = `${pathOf(customer, connectionId)}/finch/`;
    const tries: readonly (readonly [string, string])[] = [
      ["GET", "introspect"],
      ["POST", "disconnect"],
      ["POST", "disconnect-entity"],
      ["POST", "auth/token"],
      ["POST", "connect/sessions"],
      ["GET", "sandbox/jobs/configuration"],
      ["PUT", "sandbox/connections/accounts"],
      ["DELETE", "employer/company"],
      ["PATCH", "employer/company"],
      ["GET", "employer/%2e%2e/introspect"],
      ["GET", "employer/..%2f..%2fintrospect"],
      ["GET", "employer/%252e%252e/introspect"],
      ["GET", "employer/..;/introspect"],
      ["GET", "employer%2fcompany%00"],
      ["GET", "%2f%2fevil.example/employer/company"],
      ["GET", "employer/company%0d%0aHost:%20evil.example"],
    ];
    for (const [method, path] of tries) {
      const answer = await sendRaw(`${at}${path}`, { method, headers: { authorization } });
      // A gateway may take a path apart before it looks for its route, and find none.
      const [found, type] = [answer.status, answer.json<schema.Problem>().type];
      const refusals = { 403: "urn:perch:problem:not_forwarded", 404: "urn:perch:problem:unknown_path" };
      expect([path, type]).toEqual([path, refusals[found as keyof typeof refusals]]);
    }
    expect((await readConnection(customer, connectionId)).status).toBe("connected");
  });

  it("gets nothing of another customer's connection", async () => {
    const [customer, other] = [await createCustomer(), await createCustomer()];
    const { connectionId } = await connect(other);
    const answer = await callBackend(`${pathOf(customer, connectionId)}/finch/employer/company`);
    expect([answer.status, answer.json<schema.Problem>().type]).toEqual([404, "urn:perch:problem:not_found"]);
  });
});
