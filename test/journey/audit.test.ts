/** A backend reads who has done what to a customer's things, its own calls in the order of their making. */
import { expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { pathOf } from "../support/connections.ts";
import { connect, createCustomer, startSession, type TestCustomer } from "../support/journey.ts";
import { readStack } from "../support/stack.ts";

const readAudit = async ({ path }: TestCustomer, query = ""): Promise<schema.AuditPage> => {
  const read = await callBackend(`${path}/audit?${query}`);
  expect(read.status, read.text).toBe(200);
  return read.json<schema.AuditPage>();
};

it("has an entry of each change, with the client that made it, also after the customer's deletion", async () => {
  const customer = await createCustomer();
  const { session, connectionId } = await connect(customer);
  const open = await startSession(customer);
  const at = pathOf(customer, connectionId);
  const calls: readonly (readonly [method: string, path: string, json?: object])[] = [
    ["DELETE", `${customer.path}/connect-sessions/${open.session_id}`],
    ["PATCH", at, { label: "Head office" }],
    ["POST", `${at}/introspect`],
    ["POST", `${at}/access-token`, { products: ["company"], reason: "headcount" }],
    ["GET", `${at}/finch/employer/company`],
    ["POST", `${at}/reauthenticate-sessions`, {}],
    ["DELETE", at],
    ["DELETE", customer.path],
  ];
  for (const [method, path, json] of calls) {
    const answer = await callBackend(path, { method, ...(json && { json }) });
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
  }
  // What was refused leaves none.
  expect((await callBackend(at, { method: "PATCH", json: { label: 5 } })).status).toBe(400);
  const { audit } = await readAudit(customer, "limit=100");
  expect(audit.map(({ action }) => action).toReversed()).toEqual([
    "customer_put",
    "connect_session_created",
    "connect_session_created",
    "connect_session_cancelled",
    "connection_labelled",
    "connection_introspected",
    "token_handed_out",
    "request_forwarded",
    "reauthenticate_session_created",
    "disconnect_requested",
    "customer_deletion_requested",
  ]);
  expect(new Set(audit.map(({ caller }) => caller))).toEqual(new Set([readStack().clientId]));
  const about = (action: string) => audit.filter((entry) => entry.action === action);
  expect(about("connect_session_created").map(({ session_id }) => session_id)).toEqual([
    open.session_id,
    session.session_id,
  ]);
  const ofConnection = await readAudit(customer, `limit=100&connection_id=${connectionId}`);
  expect(ofConnection.audit.every((entry) => entry.connection_id === connectionId)).toBe(true);
  expect(ofConnection.audit).toHaveLength(6);
});
