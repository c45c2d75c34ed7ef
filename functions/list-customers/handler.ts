import { operation } from "#generated/operations/list-customers.js";
import { parseCustomerId } from "#shared/connection/identifiers.ts";
import type { CustomerStore } from "#shared/connection/store-ports.ts";
import { customerBody } from "#shared/http/bodies.ts";
import { readCursor, toCursor } from "#shared/http/cursor.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface ListCustomersDependencies {
  readonly log: Log;
  readonly customers: Pick<CustomerStore, "list">;
}

/** GET /v1/customers */
export const createHandler = ({ log, customers }: ListCustomersDependencies) =>
  endpoint(operation, log, async ({ query, note }) => {
    const cursor = readCursor(query.cursor, parseCustomerId);
    if (!cursor.ok) return cursor.refusal;
    const from = cursor.value && { createdAt: cursor.value.at, customerId: cursor.value.id };
    const { items, next } = await customers.list({ limit: query.limit, from });
    note({ count: items.length });
    const nextCursor = toCursor(next && { at: next.createdAt, id: next.customerId });
    return json(200, { customers: items.map(customerBody), next_cursor: nextCursor });
  });
