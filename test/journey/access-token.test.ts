/** A backend is handed an access token, uses it at Finch by itself, and finds in the audit that it did. */
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { accept, pathOf } from "../support/connections.ts";
import { connect, createCustomer, type TestCustomer } from "../support/journey.ts";
import { readStack } from "../support/stack.ts";
import { setStatus } from "../support/trouble.ts";

const handOut = (customer: TestCustomer, connectionId: string, json: object) =>
  callBackend(`${pathOf(customer, connectionId)}/access-token`, { json });

const readAudit = async (customer: TestCustomer, query = ""): Promise<schema.AuditPage> => {
  const read = await callBackend(`${customer.path}/audit?${query}`);
  expect(read.status, read.text).toBe(200);
  return read.json<schema.AuditPage>();
};

/** Those entries that are about the use of a token. */
const usesIn = ({ audit }: schema.AuditPage): readonly schema.AuditEntry[] =>
  audit.filter(({ action }) => action === "token_handed_out" || action === "request_forwarded");

const askFinch = (accessToken: string, path: string): Promise<Response> =>
  fetch(new URL(path, readStack().finchUrl), {
    headers: { authorization: `Bearer ${accessToken}`, "finch-api-version": "2020-09-17" },
  });

describe("an access token that is handed out", () => {
  it("works at Finch, is in no cache and no audit, and its use is in the audit", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    const handedOut = await handOut(customer, connectionId, { products: ["company"], reason: "headcount" });
    expect(handedOut.status, handedOut.text).toBe(200);
    expect(handedOut.headers.get("cache-control")).toBe("no-store");
    const token = handedOut.json<schema.AccessToken>();
    expect(token).toMatchObject({ token_type: "bearer", connection_id: connectionId, provider_id: "gusto" });
    const introspected = await askFinch(token.access_token, "/introspect");
    expect(await introspected.json()).toMatchObject({ connection_id: connectionId });
    const page = await readAudit(customer);
    const uses = usesIn(page);
    expect(uses).toMatchObject([
      { action: "token_handed_out", connection_id: connectionId, reason: "headcount", products: ["company"] },
    ]);
    expect(uses[0]).toMatchObject({ token_id: token.token_id, caller: readStack().clientId });
    expect(JSON.stringify(page)).not.toContain(token.access_token);
  });

  it("is the one that opens the least else", async () => {
    const customer = await createCustomer();
    const company = { company: customer.name };
    const wide = await connect(customer, company);
    const narrow = await connect(customer, { ...company, input: { products: ["company"] } });
    expect(narrow.connectionId).toBe(wide.connectionId);
    const idOf = async (products: readonly string[]) => {
      const answer = await handOut(customer, wide.connectionId, { products, reason: "a test" });
      return answer.json<schema.AccessToken>().products;
    };
    expect(await idOf(["company"])).toEqual(["company"]);
    expect(await idOf(["company", "directory"])).toContain("individual");
    const none = await handOut(customer, wide.connectionId, { products: ["ssn"], reason: "a test" });
    expect([none.status, none.json<schema.Problem>().type]).toEqual([409, "urn:perch:problem:product_not_granted"]);
  });

  it("is none while the customer must sign in, and one again after that", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    await setStatus(connectionId, "reauth");
    await callBackend(`${pathOf(customer, connectionId)}/introspect`, { method: "POST" });
    const refused = await handOut(customer, connectionId, { products: ["company"], reason: "a test" });
    expect(refused.json<schema.Problem>().type).toBe("urn:perch:problem:reauthentication_required");
    expect(usesIn(await readAudit(customer))).toEqual([]);
  });

  it("is none of a held connection, until it is accepted", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer, { input: { require_acceptance: true } });
    const wish = { products: ["company"], reason: "a test" };
    const refused = await handOut(customer, connectionId, wish);
    expect(refused.json<schema.Problem>().type).toBe("urn:perch:problem:connection_held");
    expect((await accept(customer, connectionId)).status).toBe(200);
    expect((await handOut(customer, connectionId, wish)).status).toBe(200);
  });
});
