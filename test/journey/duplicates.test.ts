/** Two logins at one employer: marked as possible duplicates until one is disconnected, or somebody says that both are wanted. */
import { describe, expect, it } from "vitest";
import { expectAgreement } from "../support/agreement.ts";
import { callBackend } from "../support/api.ts";
import { introspect, pathOf, readConnection } from "../support/connections.ts";
import { awaitDisconnected } from "../support/functions.ts";
import { connect, createCustomer, type TestCustomer } from "../support/journey.ts";

const keep = (customer: TestCustomer, connectionId: string) =>
  callBackend(`${pathOf(customer, connectionId)}/keep-duplicate`, { method: "POST" });
const duplicatesOf = async (customer: TestCustomer, connectionId: string) =>
  (await readConnection(customer, connectionId)).possible_duplicates;

/** A customer with a connection for each of two people of its company. */
const connectTwice = async () => {
  const customer = await createCustomer();
  const ids: string[] = [];
  for (const username of ["good_user", "good_user_2"]) {
    const { connectionId } = await connect(customer, { username });
    await introspect(customer, connectionId);
    ids.push(connectionId);
  }
  const [first = "", second = ""] = ids;
  expect(await duplicatesOf(customer, first)).toEqual([second]);
  expect(await duplicatesOf(customer, second)).toEqual([first]);
  return { customer, first, second };
};

describe.concurrent("possible duplicates", () => {
  it("that are kept are never marked again, on either side", async () => {
    const { customer, first, second } = await connectTwice();
    const kept = await keep(customer, first);
    expect([kept.status, kept.json()]).toMatchObject([200, { connection_id: first, possible_duplicates: [] }]);
    for (const id of [first, second]) expect((await introspect(customer, id)).possible_duplicates).toEqual([]);
    const again = await keep(customer, second);
    expect([again.status, again.json()]).toMatchObject([200, { possible_duplicates: [] }]);
    await expectAgreement({ customers: [customer] });
  });

  it("of which one is disconnected are none any more", async () => {
    const { customer, first, second } = await connectTwice();
    expect((await callBackend(pathOf(customer, second), { method: "DELETE" })).status).toBe(202);
    await awaitDisconnected(customer, second);
    expect(await duplicatesOf(customer, first)).toEqual([]);
    await expectAgreement({ customers: [customer], disconnected: [second] });
  });

  it("are of one customer: another one at the same company learns nothing, and keeps nothing", async () => {
    const { customer, first } = await connectTwice();
    const other = await createCustomer();
    const { connectionId } = await connect(other, { username: "good_user_3", company: customer.name });
    expect((await introspect(other, connectionId)).possible_duplicates).toEqual([]);
    expect((await introspect(customer, first)).possible_duplicates).not.toContain(connectionId);
    expect((await keep(other, first)).status).toBe(404);
  });
});
