import { operation as getSession } from "#generated/operations/get-page-connect-session.js";
import { operation as getConnection } from "#generated/operations/get-page-connection.js";
import { operation as getView } from "#generated/operations/get-page-view.js";
import { operation as list } from "#generated/operations/list-page-connections.js";
import {
  type ConnectionId,
  type CustomerId,
  parseConnectionId,
  type SessionId,
} from "#shared/connection/identifiers.ts";
import type { Surroundings } from "#shared/connection/ports.ts";
import type { ConnectionStore, PagePosition, SessionStore } from "#shared/connection/store-ports.ts";
import { byOperation } from "#shared/http/by-operation.ts";
import { readCursor, toCursor } from "#shared/http/cursor.ts";
import { gzipped } from "#shared/http/gzip.ts";
import { connectResultBody, pageConnectionBody, pageSessionBody } from "#shared/http/page-bodies.ts";
import { type PageEndpointDependencies, pageEndpoint } from "#shared/http/page-endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";

export interface ReadPageDependencies extends PageEndpointDependencies, Pick<Surroundings, "now"> {
  readonly connections: Pick<ConnectionStore, "find" | "list">;
  readonly sessions: Pick<SessionStore, "find">;
}

/** What the connections page reads: GET /page/view, /page/connections, one of them, and /page/connect-sessions/{session_id}. */
export const createHandler = ({ connections, sessions, now, ...page }: ReadPageDependencies) => {
  const listPage = async (customerId: CustomerId, limit: number, from?: PagePosition) => {
    const asked = { limit, from, status: undefined, providerId: undefined };
    const { items, next } = await connections.list(customerId, asked);
    return {
      connections: items.map(pageConnectionBody),
      next_cursor: toCursor(next && { at: next.listedAt, id: next.connectionId }),
    };
  };

  return byOperation(
    [
      getView,
      pageEndpoint(getView, page, async ({ visitor: { session, customer }, query, headers, note }) => {
        const listed = await listPage(customer.customerId, query.limit);
        note({ count: listed.connections.length });
        const { name, mode, connectionCount } = customer;
        const shown = { name, mode, connection_count: connectionCount };
        return gzipped(json(200, { customer: shown, session: pageSessionBody(session), ...listed }), headers);
      }),
    ],
    [
      list,
      pageEndpoint(list, page, async ({ visitor, query, headers, note }) => {
        const cursor = readCursor(query.cursor, parseConnectionId);
        if (!cursor.ok) return cursor.refusal;
        const from = cursor.value && { listedAt: cursor.value.at, connectionId: cursor.value.id };
        const listed = await listPage(visitor.customer.customerId, query.limit, from);
        note({ count: listed.connections.length });
        return gzipped(json(200, listed), headers);
      }),
    ],
    [
      getConnection,
      pageEndpoint(getConnection, page, async ({ visitor, path }) => {
        const found = await connections.find(visitor.customer.customerId, path.connection_id as ConnectionId);
        return found === undefined ? problem("not_found") : json(200, pageConnectionBody(found));
      }),
    ],
    [
      getSession,
      pageEndpoint(getSession, page, async ({ visitor, path }) => {
        const session = await sessions.find(path.session_id as SessionId);
        // Another customer's session is as unknown as none.
        if (session?.customerId !== visitor.customer.customerId) return problem("not_found");
        return json(200, connectResultBody(session, now()));
      }),
    ],
  );
};
