import { operation } from "#generated/operations/get-connect-session.js";
import type { SessionId } from "#shared/connection/identifiers.ts";
import type { Surroundings } from "#shared/connection/ports.ts";
import type { SessionStore } from "#shared/connection/store-ports.ts";
import { sessionBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface GetConnectSessionDependencies extends Pick<Surroundings, "now"> {
  readonly log: Log;
  readonly sessions: Pick<SessionStore, "find">;
}

/** GET /v1/customers/{customer_id}/connect-sessions/{session_id} */
export const createHandler = ({ log, sessions, now }: GetConnectSessionDependencies) =>
  endpoint(operation, log, async ({ path }) => {
    const session = await sessions.find(path.session_id as SessionId);
    // Another customer's session is as unknown as none.
    if (session?.customerId !== path.customer_id) return problem("not_found");
    return json(200, sessionBody(session, now()));
  });
