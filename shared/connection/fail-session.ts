import { type ConnectSession, endSession, type SessionFailure } from "./connect-session.ts";
import type { PerchEvent } from "./events.ts";
import type { ConnectionId } from "./identifiers.ts";
import { keepTrying } from "./keep-trying.ts";
import type { SessionStore, Surroundings } from "./ports.ts";

export interface FailSessionDependencies extends Surroundings {
  readonly sessions: SessionStore;
}

/** The events that tell of a failed session; a connection that belongs to somebody else has one of its own. */
export const failureEvents = (
  { newId }: Pick<Surroundings, "newId">,
  session: ConnectSession,
  reason: SessionFailure,
  connectionId: ConnectionId | null,
  now: Date,
): PerchEvent[] => {
  const event = (type: "ConnectSessionFailed" | "ConnectionConflict"): PerchEvent => ({
    eventId: newId(),
    time: now,
    type,
    customerId: session.customerId,
    subject: { kind: "connect_session", id: session.sessionId, version: session.version + 1 },
    detail: { reason, ...(connectionId && { connection_id: connectionId }) },
  });
  return reason === "connection_conflict" || reason === "customer_mismatch"
    ? [event("ConnectionConflict"), event("ConnectSessionFailed")]
    : [event("ConnectSessionFailed")];
};

/**
 * Ends an exchanging session as failed, trying until `deadline`. Where the sweep or another attempt has ended it already,
 * what they said stands and is returned.
 */
export const failSession = (
  deps: FailSessionDependencies,
  session: ConnectSession,
  reason: SessionFailure,
  connectionId: ConnectionId | null,
  deadline: Date,
): Promise<ConnectSession> =>
  keepTrying(deps, deadline, async () => {
    const now = deps.now();
    const events = failureEvents(deps, session, reason, connectionId, now);
    const failed = await deps.sessions.fail(session, { reason, now, events });
    if (failed) return { done: endSession(session, { status: "failed", reason }, null, now) };
    return { done: (await deps.sessions.find(session.sessionId)) ?? session };
  });
