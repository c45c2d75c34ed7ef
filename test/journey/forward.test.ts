/** What the platform gets through to Finch, and nothing else. */
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { pathOf, readConnection } from "../support/connections.ts";
import { connect, createCustomer } from "../support/journey.ts";
import { sendRaw } from "../support/raw-request.ts";
import { getApiToken } from "../support/stack.ts";

describe("a forwarded request", () => {
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
