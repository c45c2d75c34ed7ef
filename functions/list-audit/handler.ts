import { operation } from "#generated/operations/list-audit.js";
import type { AuditStore } from "#shared/connection/audit.ts";
import { type ConnectionId, type CustomerId, parseAuditId } from "#shared/connection/identifiers.ts";
import type { CustomerStore } from "#shared/connection/store-ports.ts";
import { readCursor, toCursor } from "#shared/http/cursor.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import { auditEntryBody } from "#shared/http/use-bodies.ts";
import type { Log } from "#shared/log.ts";

export interface ListAuditDependencies {
  readonly log: Log;
  readonly customers: Pick<CustomerStore, "find">;
  readonly audit: Pick<AuditStore, "list">;
}

/** GET /v1/customers/{customer_id}/audit */
export const createHandler = ({ log, customers, audit }: ListAuditDependencies) =>
  endpoint(operation, log, async ({ path, query, note }) => {
    const customerId = path.customer_id as CustomerId;
    const cursor = readCursor(query.cursor, parseAuditId);
    if (!cursor.ok) return cursor.refusal;
    const from = cursor.value && { at: cursor.value.at, auditId: cursor.value.id };
    const connectionId = query.connection_id as ConnectionId | undefined;
    const { items, next } = await audit.list(customerId, { limit: query.limit, from, connectionId });
    // Whoever has an entry was known, deleted since or not: only nothing at all needs a second look.
    if (items.length === 0 && next === undefined && from === undefined) {
      if ((await customers.find(customerId)) === undefined) return problem("not_found");
    }
    note({ count: items.length });
    return json(200, {
      audit: items.map(auditEntryBody),
      next_cursor: toCursor(next && { at: next.at, id: next.auditId }),
    });
  });
