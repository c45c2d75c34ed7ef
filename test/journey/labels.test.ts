/** The platform's own words for a connection. */
import { expect, it } from "vitest";
import { callBackend } from "../support/api.ts";
import { awaitLook, introspect, listConnections, pathOf, readBack, readConnection } from "../support/connections.ts";
import { connect, createCustomer } from "../support/journey.ts";

it.concurrent("a label and metadata are changed one by one, and outlive whatever Finch says", async () => {
  const customer = await createCustomer();
  const { connectionId } = await connect(customer);
  const patch = async (json: object) => {
    const patched = await callBackend(pathOf(customer, connectionId), { method: "PATCH", json });
    expect(patched.status, patched.text).toBe(200);
    return patched.json<{ version: number }>();
  };
  expect(await awaitLook(customer, connectionId)).toMatchObject({ label: null, metadata: {} });
  const first = await patch({ label: "Payroll of the bakery" });
  expect(first).toMatchObject({ label: "Payroll of the bakery", metadata: {} });
  const second = await patch({ metadata: { office: "north", cost_centre: "12" } });
  expect(second.version).toBeGreaterThan(first.version);
  expect(second).toMatchObject({
    metadata: { office: "north", cost_centre: "12" },
    label: "Payroll of the bakery",
  });
  // As a whole: what is left out of it is gone.
  const mine = { label: "Payroll of the bakery", metadata: { office: "south" } };
  expect(await patch({ metadata: { office: "south" } })).toMatchObject(mine);
  expect(await introspect(customer, connectionId)).toMatchObject(mine);
  await connect(customer);
  expect(await readConnection(customer, connectionId)).toMatchObject(mine);
  expect(await listConnections(customer)).toMatchObject([mine]);
  expect(await patch({ label: null, metadata: {} })).toMatchObject({ label: null, metadata: {} });
  await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
});

it.concurrent("changes at the same moment are all kept", async () => {
  const customer = await createCustomer();
  const { connectionId } = await connect(customer);
  const path = pathOf(customer, connectionId);
  const changes = [{ label: "payroll" }, { metadata: { office: "north" } }, { label: "payroll" }];
  const answers = await Promise.all([
    ...changes.map((json) => callBackend(path, { method: "PATCH", json })),
    introspect(customer, connectionId),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, "connected"]);
  const connection = await readConnection(customer, connectionId);
  expect(connection).toMatchObject({ label: "payroll", metadata: { office: "north" } });
  // Each of them, and Perch's own looks.
  expect(connection.version).toBeGreaterThanOrEqual(Date.parse(connection.created_at) + 4);
});
