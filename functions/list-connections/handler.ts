import { operation } from "#generated/operations/list-connections.js";
import { type CustomerId, parseConnectionId } from "#shared/connection/identifiers.ts";
import type { ConnectionStore, CustomerStore } from "#shared/connection/store-ports.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import { readCursor, toCursor } from "#shared/http/cursor.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface ListConnectionsDependencies {
  readonly log: Log;
  readonly customers: Pick<CustomerStore, "find">;
  readonly connections: Pick<ConnectionStore, "list">;
}

/** GET /v1/customers/{customer_id}/connections */
export const createHandler = ({ log, customers, connections }: ListConnectionsDependencies) =>
  endpoint(operation, log, async ({ path, query, note }) => {
    const customerId = path.customer_id as CustomerId;
    const cursor = readCursor(query.cursor, parseConnectionId);
    if (!cursor.ok) return cursor.refusal;
    const { items, next } = await connections.list(customerId, {
      limit: query.limit,
      from: cursor.value && { listedAt: cursor.value.at, connectionId: cursor.value.id },
      status: query.status,
      providerId: query.provider_id,
    });
    // Whoever has a connection, or had one on a page before, is known: only nothing at all needs a second look.
    const hasNothing = items.length === 0 && next === undefined && cursor.value === undefined;
    if (hasNothing && (await customers.find(customerId)) === undefined) return problem("not_found");
    note({ count: items.length });
    const nextCursor = toCursor(next && { at: next.listedAt, id: next.connectionId });
    return json(200, { connections: items.map(connectionBody), next_cursor: nextCursor });
  });
