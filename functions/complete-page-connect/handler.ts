import { operation } from "#generated/operations/complete-page-connect.js";
import { type AuditStore, entryOf } from "#shared/connection/audit.ts";
import { parseCapability } from "#shared/connection/capability.ts";
import type { SessionId } from "#shared/connection/identifiers.ts";
import type { Surroundings } from "#shared/connection/ports.ts";
import type { InvokeExchange } from "#shared/connection/session-ending.ts";
import type { SessionStore } from "#shared/connection/store-ports.ts";
import { connectResultBody } from "#shared/http/page-bodies.ts";
import { type PageEndpointDependencies, pageCaller, pageEndpoint } from "#shared/http/page-endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json, type Reply } from "#shared/http/reply.ts";
import { secret } from "#shared/secret.ts";

export interface CompletePageConnectDependencies extends PageEndpointDependencies, Pick<Surroundings, "now" | "newId"> {
  /** Has the code exchanged by the function that is made for it. */
  readonly exchange: InvokeExchange;
  readonly sessions: Pick<SessionStore, "find">;
  readonly audit: Pick<AuditStore, "record">;
}

const secondsBeforeAnotherTry = 5;

/** POST /page/connections: the code that Connect, opened inside the page, handed out. */
export const createHandler = ({ exchange, sessions, audit, now, newId, ...page }: CompletePageConnectDependencies) => {
  const result = async (status: number, sessionId: SessionId): Promise<Reply> => {
    const session = await sessions.find(sessionId);
    return session === undefined ? refuseState() : json(status, connectResultBody(session, now()));
  };

  return pageEndpoint(operation, page, async ({ visitor, body, requestId, note }) => {
    const sessionId = parseCapability(body.state)?.sessionId;
    if (sessionId === undefined) return refuseState();
    const holder = { pageSession: visitor.session.pageSessionId };
    const reply = await exchange({ state: body.state, code: secret(body.authorization_code), holder });
    note({ session_id: sessionId, reason: reply.status });
    if (reply.status === "in_progress" || reply.status === "ended") {
      const { customerId } = visitor.customer;
      const connectionId = reply.status === "ended" ? reply.ending.connectionId : null;
      const act = { customerId, sessionId, connectionId, action: "authorization_code_received", at: now() } as const;
      await audit.record(entryOf({ newId }, { caller: pageCaller(visitor.session), requestId }, act));
    }
    switch (reply.status) {
      case "ended":
        return result(200, sessionId);
      case "in_progress":
        return result(202, sessionId);
      case "refused":
        note({ reason: reply.reason });
        return refuseState();
      case "not_run":
        return problem("exchange_unavailable", { retryAfter: secondsBeforeAnotherTry });
    }
  });
};

/** One answer for all reasons: whose a `state` is, and what became of it, is told to nobody else. */
const refuseState = (): Reply =>
  problem("invalid_state", {
    detail: "Start again on the page. Nothing was changed.",
    errors: [{ field: "body.state", message: "must be of an open embedded session of this page" }],
  });
