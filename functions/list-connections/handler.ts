import { operation } from "#generated/operations/list-connections.js";
import { type ConnectionId, type CustomerId, parseConnectionId } from "#shared/connection/identifiers.ts";
import type { ConnectionStore, CustomerStore, PagePosition } from "#shared/connection/ports.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface ListConnectionsDependencies {
  readonly log: Log;
  readonly connections: Pick<ConnectionStore, "list">;
  /** Asked only where the first page is empty: is there such a customer at all? */
  readonly customers: Pick<CustomerStore, "find">;
}

/** GET /v1/customers/{customer_id}/connections */
export const createHandler = ({ log, connections, customers }: ListConnectionsDependencies) =>
  endpoint(operation, log, async ({ path, query, note }) => {
    const from = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    if (query.cursor !== undefined && from === undefined) {
      const message = "must be the next_cursor of an earlier answer";
      return problem("invalid_request", { errors: [{ field: "query.cursor", message }] });
    }
    const customerId = path.customer_id as CustomerId;
    const { items, next } = await connections.list(customerId, {
      limit: query.limit,
      from,
      status: query.status,
      providerId: query.provider_id,
    });
    note({ count: items.length });
    if (items.length === 0 && next === undefined && from === undefined) {
      if ((await customers.find(customerId)) === undefined) return problem("not_found");
    }
    return json(200, { connections: items.map(connectionBody), next_cursor: next ? toCursor(next) : null });
  });

const toCursor = ({ listedAt, connectionId }: PagePosition): string =>
  Buffer.from(`${listedAt} ${connectionId}`).toString("base64url");

const parseCursor = (cursor: string): PagePosition | undefined => {
  const [listedAt = "", connectionId = ""] = Buffer.from(cursor, "base64url").toString("latin1").split(" ");
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(listedAt);
  const id: ConnectionId | undefined = parseConnectionId(connectionId);
  return isTime && id !== undefined ? { listedAt, connectionId: id } : undefined;
};
