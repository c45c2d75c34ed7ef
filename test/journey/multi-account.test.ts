/** Multi-Account: two people of one company, or other permissions, at the same provider. */
import { describe, expect, it } from "vitest";
import { listConnections, readBack, readConnection } from "../support/connections.ts";
import { connect, createCustomer } from "../support/journey.ts";

describe.concurrent("multi-account", () => {
  it("different logins: what Finch calls another connection is kept as another one", async () => {
    const customer = await createCustomer();
    const first = await connect(customer, { username: "good_user" });
    const second = await connect(customer, { username: "good_user_2" });
    expect(second.status).toBe("connected");
    expect(second.connectionId).not.toBe(first.connectionId);
    const one = await readBack(customer, first.connectionId, { provider: "gusto", company: customer.name });
    const other = await readBack(customer, second.connectionId, { provider: "gusto", company: customer.name });
    expect([one.username, other.username]).toEqual(["good_user", "good_user_2"]);
    // The same employer: Finch says so by the company's id, which is why it must not be taken for the connection's.
    expect(one.company_id).toBe(other.company_id);
    expect(await listConnections(customer)).toHaveLength(2);
  });

  it("permissions: other products of the same connection are one more token of it", async () => {
    const customer = await createCustomer();
    const first = await connect(customer, { input: { products: ["company", "directory"] } });
    const second = await connect(customer, { input: { products: ["payment", "pay_statement"] } });
    expect(second).toMatchObject({ status: "known", connectionId: first.connectionId });
    const connection = await readConnection(customer, first.connectionId);
    expect(connection.tokens.map((token) => token.products)).toEqual([
      ["company", "directory"],
      ["payment", "pay_statement"],
    ]);
    await readBack(customer, first.connectionId, {
      provider: "gusto",
      company: customer.name,
      products: ["company", "directory", "payment", "pay_statement"],
    });
  });
});
