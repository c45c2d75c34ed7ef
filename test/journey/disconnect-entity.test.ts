/** One entity of a connection is ended while the others go on; the last one only goes with its connection. */
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { expectAgreement } from "../support/agreement.ts";
import { callBackend } from "../support/api.ts";
import { introspect, pathOf, readConnection } from "../support/connections.ts";
import { liveConnections } from "../support/finch.ts";
import { awaitEntityEnded } from "../support/functions.ts";
import { connect, createCustomer, type TestCustomer } from "../support/journey.ts";

const end = (customer: TestCustomer, connectionId: string, entityId: string) =>
  callBackend(`${pathOf(customer, connectionId)}/entities/${entityId}`, { method: "DELETE" });

/** A customer with one connection of three entities. */
const connectThree = async () => {
  const customer = await createCustomer();
  const { connectionId } = await connect(customer, { username: "multi_entity", entities: "all" });
  const { entities } = await introspect(customer, connectionId);
  expect(entities).toHaveLength(3);
  const [one = "", two = "", three = ""] = entities.map(({ id }) => id);
  return { customer, connectionId, one, two, three };
};

describe.concurrent("disconnecting an entity", () => {
  it("ends it at Finch, and the connection goes on without it", async () => {
    const { customer, connectionId, one, two, three } = await connectThree();
    const asked = await end(customer, connectionId, one);
    expect(asked.status).toBe(202);
    const shown = asked.json<schema.Connection>();
    expect(shown.status).toBe("connected");
    expect(shown.entities.find(({ id }) => id === one)?.status).toBe("disconnecting");
    await awaitEntityEnded(customer, connectionId, one);
    const after = await readConnection(customer, connectionId);
    expect(after.entities.map(({ id }) => id)).toEqual([two, three]);
    expect(after.tokens.map((token) => token.entity_ids)).toEqual([[two, three]]);
    const atFinch = (await liveConnections()).find(({ id }) => id === connectionId);
    expect(atFinch?.entities.map(({ id, status }) => [id, status])).toEqual([
      [one, "disconnected"],
      [two, "connected"],
      [three, "connected"],
    ]);
    // Finch goes on listing it; it does not come back.
    expect((await introspect(customer, connectionId)).entities.map(({ id }) => id)).toEqual([two, three]);
    expect((await end(customer, connectionId, one)).status).toBe(404);
    await expectAgreement({ customers: [customer] });
  });

  it("leaves the last one to its connection", async () => {
    const { customer, connectionId, one, two, three } = await connectThree();
    // At once: those that are being ended do not count.
    for (const id of [one, two]) expect((await end(customer, connectionId, id)).status).toBe(202);
    const last = await end(customer, connectionId, three);
    expect([last.status, last.json()]).toMatchObject([
      409,
      {
        type: "urn:perch:problem:last_entity",
        detail: expect.stringContaining("DELETE /v1/customers/{customer_id}/connections/{connection_id}"),
      },
    ]);
    for (const id of [one, two]) await awaitEntityEnded(customer, connectionId, id);
    expect((await end(customer, connectionId, three)).status).toBe(409);
    expect((await introspect(customer, connectionId)).entities).toMatchObject([{ id: three, status: "connected" }]);
    await expectAgreement({ customers: [customer] });
  });

  it("knows only the customer's own", async () => {
    const { customer, connectionId, one } = await connectThree();
    const other = await createCustomer();
    expect((await end(other, connectionId, one)).status).toBe(404);
    expect((await end(customer, connectionId, crypto.randomUUID())).status).toBe(404);
    expect(await readConnection(customer, connectionId)).toMatchObject({ entities: { length: 3 } });
  });
});
