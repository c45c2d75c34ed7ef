import { operation } from "#generated/operations/list-employers.js";
import { type CustomerId, parseConnectionId } from "#shared/connection/identifiers.ts";
import type { ConnectionStore, CustomerStore } from "#shared/connection/store-ports.ts";
import { readCursor, toCursor } from "#shared/http/cursor.ts";
import { connectionEmployersBody } from "#shared/http/employer-body.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface ListEmployersDependencies {
  readonly log: Log;
  readonly customers: Pick<CustomerStore, "find">;
  readonly connections: Pick<ConnectionStore, "list">;
}

/** GET /v1/customers/{customer_id}/employers */
export const createHandler = ({ log, customers, connections }: ListEmployersDependencies) =>
  endpoint(operation, log, async ({ path, query, note }) => {
    const customerId = path.customer_id as CustomerId;
    const cursor = readCursor(query.cursor, parseConnectionId);
    if (!cursor.ok) return cursor.refusal;
    const from = cursor.value && { listedAt: cursor.value.at, connectionId: cursor.value.id };
    const { items, next } = await connections.list(customerId, {
      ...{ limit: query.limit, from },
      ...{ status: undefined, providerId: undefined },
    });
    // Whoever has a connection is known: only nothing at all needs a second look.
    if (items.length === 0 && from === undefined && (await customers.find(customerId)) === undefined) {
      return problem("not_found");
    }
    note({ count: items.length });
    return json(200, {
      connections: items.map(connectionEmployersBody),
      next_cursor: toCursor(next && { at: next.listedAt, id: next.connectionId }),
    });
  });
