import { operation } from "#generated/operations/list-connect-sessions.js";
import { type CustomerId, parseSessionId } from "#shared/connection/identifiers.ts";
import type { Surroundings } from "#shared/connection/ports.ts";
import type { CustomerStore, SessionStore } from "#shared/connection/store-ports.ts";
import { sessionBody } from "#shared/http/bodies.ts";
import { readCursor, toCursor } from "#shared/http/cursor.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface ListConnectSessionsDependencies extends Pick<Surroundings, "now"> {
  readonly log: Log;
  readonly customers: Pick<CustomerStore, "find">;
  readonly sessions: Pick<SessionStore, "list">;
}

/** GET /v1/customers/{customer_id}/connect-sessions */
export const createHandler = ({ log, customers, sessions, now }: ListConnectSessionsDependencies) =>
  endpoint(operation, log, async ({ path, query, note }) => {
    const customerId = path.customer_id as CustomerId;
    const cursor = readCursor(query.cursor, parseSessionId);
    if (!cursor.ok) return cursor.refusal;
    const from = cursor.value && { createdAt: cursor.value.at, sessionId: cursor.value.id };
    const { items, next } = await sessions.list(customerId, { limit: query.limit, from });
    // Whoever has a session is known: only nothing at all needs a second look.
    if (items.length === 0 && from === undefined && (await customers.find(customerId)) === undefined) {
      return problem("not_found");
    }
    note({ count: items.length });
    const time = now();
    const nextCursor = toCursor(next && { at: next.createdAt, id: next.sessionId });
    return json(200, { connect_sessions: items.map((each) => sessionBody(each, time)), next_cursor: nextCursor });
  });
