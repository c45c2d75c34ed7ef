/** What falls with a connection: the preview says so before, and a Finch that ends more than was asked for is found out after. */
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { besideLooks, introspect, pathOf, readConnection } from "../support/connections.ts";
import { withSetting } from "../support/finch.ts";
import { awaitDisconnected } from "../support/functions.ts";
import { allProducts, connect, createCustomer, type TestCustomer } from "../support/journey.ts";
import { countKinds, itemsAbout } from "../support/table.ts";

const preview = async (customer: TestCustomer, connectionId: string): Promise<schema.DisconnectPreview> => {
  const read = await callBackend(`${pathOf(customer, connectionId)}/disconnect-preview`);
  expect(read.status, read.text).toBe(200);
  return read.json<schema.DisconnectPreview>();
};

/** A connection at this company that Perch has looked at. */
const connectAt = async (customer: TestCustomer, company: string, username: string) => {
  const { connectionId } = await connect(customer, { company, username });
  await introspect(customer, connectionId);
  return connectionId;
};

/** A company at which the customer has two connections, and a stranger one. */
const createCompany = async () => {
  const [customer, stranger] = [await createCustomer(), await createCustomer()];
  const one = await connectAt(customer, customer.name, "good_user");
  const own = await connectAt(customer, customer.name, "good_user_2");
  const others = await connectAt(stranger, customer.name, "good_user_3");
  return { customer, stranger, one, own, others };
};

describe("the preview of a disconnect", () => {
  it("says what would fall, and of other customers nothing but a number", async () => {
    const { customer, stranger, one, own, others } = await createCompany();
    await connect(customer, { provider: "bamboo_hr" });
    const before = await readConnection(customer, one);
    const shown = await preview(customer, one);
    expect(shown).toEqual({
      connection_id: one,
      provider_id: "gusto",
      entities: before.entities.map(({ id, name }) => ({ id, name })),
      products: allProducts.toSorted(),
      tokens: 1,
      siblings: { connection_ids: [own], other_customers: 1, more: false },
    });
    expect(JSON.stringify(shown)).not.toContain(others);
    expect(await preview(stranger, others)).toMatchObject({ siblings: { connection_ids: [], other_customers: 2 } });
    expect(await readConnection(customer, one)).toEqual(besideLooks(before));
    const foreign = await callBackend(`${pathOf(stranger, one)}/disconnect-preview`);
    expect(foreign.status).toBe(404);
  });
});

describe("a disconnect at a Finch that ends all of an employer's connections", () => {
  it("leaves the siblings to Finch's word: they are kept, and need their customers", async () => {
    const { customer, stranger, one, own, others } = await createCompany();
    await withSetting(customer.name, { disconnectScope: "company_and_provider" }, async () => {
      expect((await callBackend(pathOf(customer, one), { method: "DELETE" })).status).toBe(202);
      await awaitDisconnected(customer, one);
    });
    for (const [who, id] of [
      [customer, own],
      [stranger, others],
    ] as const) {
      expect(await introspect(who, id)).toMatchObject({ status: "reauth", tokens: { length: 1 } });
      expect(countKinds(await itemsAbout(`TOKENS#${who.id}`))).toEqual({ TOKEN: 1 });
    }
    // It is no sibling of anybody's any more.
    expect((await preview(stranger, others)).siblings).toEqual({ connection_ids: [], other_customers: 1, more: false });
  });

  it("and at one that ends only what was asked for, they go on", async () => {
    const { customer, stranger, one, own, others } = await createCompany();
    await callBackend(pathOf(customer, one), { method: "DELETE" });
    await awaitDisconnected(customer, one);
    expect(await introspect(customer, own)).toMatchObject({ status: "connected" });
    expect(await introspect(stranger, others)).toMatchObject({ status: "connected" });
  });
});
