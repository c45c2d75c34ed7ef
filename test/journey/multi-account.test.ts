/** Multi-Account: two people of one company, or other permissions, at the same provider. */
import { describe, expect, it } from "vitest";
import { expectAgreement } from "../support/agreement.ts";
import { tokensEver } from "../support/aws.ts";
import { listConnections, readBack, readConnection } from "../support/connections.ts";
import { withSetting } from "../support/finch.ts";
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
    // Both are there, and each is marked as the other's possible duplicate.
    expect(other.possible_duplicates).toEqual([first.connectionId]);
    expect(await readConnection(customer, first.connectionId)).toMatchObject({
      possible_duplicates: [second.connectionId],
    });
    await expectAgreement({ customers: [customer] });
  });

  it("permissions: other products of the same connection are one more token of it", async () => {
    const customer = await createCustomer();
    const first = await connect(customer, { input: { products: ["company", "directory"] } });
    const second = await connect(customer, { input: { products: ["payment", "pay_statement"] } });
    expect(second).toMatchObject({ status: "known", connectionId: first.connectionId });
    const products = ["company", "directory", "payment", "pay_statement"] as const;
    const facts = { provider: "gusto", company: customer.name, products };
    // Neither opens what the other opens: both stay, also when the newer one has shown itself.
    const tokens = [
      ["company", "directory"],
      ["payment", "pay_statement"],
    ];
    const seen = await readBack(customer, first.connectionId, { ...facts, tokens });
    expect(seen.tokens.map((token) => token.products)).toEqual(tokens);
    await expectAgreement({ customers: [customer] });

    await connect(customer, { input: { products: [...products] } });
    expect(await tokensEver(customer)).toBe(3);
    const covered = await readBack(customer, first.connectionId, facts);
    expect(covered.tokens.map((token) => token.products)).toEqual([products]);
    await expectAgreement({ customers: [customer], unkept: 2 });
  });
});

describe("multi-account, where Finch takes two logins for one connection", () => {
  it("is one connection, with a token of each", async () => {
    const customer = await createCustomer();
    await withSetting(customer.name, { otherCredentials: "same" }, async () => {
      const first = await connect(customer, { username: "good_user" });
      const second = await connect(customer, { username: "good_user_2" });
      expect(second).toMatchObject({ status: "known", connectionId: first.connectionId });
      expect(await tokensEver(customer)).toBe(2);
      await readBack(customer, first.connectionId, { provider: "gusto", company: customer.name });
    });
    expect(await listConnections(customer)).toHaveLength(1);
    await expectAgreement({ customers: [customer], unkept: 1 });
  });
});
