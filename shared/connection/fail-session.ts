import { type ConnectSession, endSession, type SessionFailure } from "./connect-session.ts";
import type { PerchEvent } from "./events.ts";
import type { ConnectionId } from "./identifiers.ts";
import { keepTrying } from "./keep-trying.ts";
import type { Surroundings } from "./ports.ts";
import type { SessionStore } from "./store-ports.ts";

export interface FailSessionDependencies extends Surroundings {
  readonly sessions: Pick<SessionStore, "end" | "find">;
}

/** A connection that belongs to somebody else has an event of its own. */
const isConflict = (reason: SessionFailure): boolean =>
  reason === "connection_conflict" || reason === "customer_mismatch";

/** The events that tell of a failed session. */
export const sessionFailureEvents = (
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
  return isConflict(reason)
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
    const events = sessionFailureEvents(deps, session, reason, connectionId, now);
    const end = { status: "failed", reason } as const;
    const ended = await deps.sessions.end(session, { end, token: null, now, events });
    if (ended) return { done: endSession(session, end, null, now) };
    // Erased with its customer: the sweep had failed it before, and told so.
    return { done: (await deps.sessions.find(session.sessionId)) ?? endSession(session, end, null, now) };
  });
