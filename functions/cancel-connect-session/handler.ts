import { operation } from "#generated/operations/cancel-connect-session.js";
import { type AuditStore, entryOf } from "#shared/connection/audit.ts";
import { sessionStatus } from "#shared/connection/connect-session.ts";
import type { SessionId } from "#shared/connection/identifiers.ts";
import type { Surroundings } from "#shared/connection/ports.ts";
import type { SessionStore } from "#shared/connection/store-ports.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { noContent } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface CancelConnectSessionDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly log: Log;
  readonly sessions: Pick<SessionStore, "find" | "cancel">;
  readonly audit: Pick<AuditStore, "record">;
}

/** DELETE /v1/customers/{customer_id}/connect-sessions/{session_id} */
export const createHandler = ({ log, sessions, audit, now, newId }: CancelConnectSessionDependencies) =>
  endpoint(operation, log, async ({ path, caller, requestId, note }) => {
    const sessionId = path.session_id as SessionId;
    const session = await sessions.find(sessionId);
    // Whose it is never changes; what state it is in is decided by the write alone.
    if (session?.customerId !== path.customer_id) return problem("not_found");
    const time = now();
    const cancelled = await sessions.cancel(sessionId, time);
    // Also for one that was cancelled before: a repeated call makes up for an entry that could not be stored.
    const record = (): Promise<void> => {
      const { customerId, reauthenticates } = session;
      const about = { customerId, sessionId, connectionId: reauthenticates, at: time };
      return audit.record(entryOf({ newId }, { caller, requestId }, { ...about, action: "connect_session_cancelled" }));
    };
    if (cancelled.ok) {
      await record();
      return noContent();
    }
    if (cancelled.refusal.reason === "unknown") return problem("not_found");
    const status = sessionStatus(cancelled.refusal.session, time);
    note({ reason: status });
    switch (status) {
      case "cancelled":
        await record();
        return noContent();
      case "exchanging":
        return problem("exchange_in_progress");
      case "completed":
      case "failed":
      case "expired":
        return problem("session_ended");
      case "open":
        throw new Error("a session that is open was not cancelled");
    }
  });
