import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { ExchangeRequest, SessionStore } from "#shared/connection/ports.ts";
import { ok, refuse } from "#shared/result.ts";
import { copy, hasAny, type MemoryState, putEvents } from "./state.ts";

/** Connect sessions in memory. */
export const createMemorySessionStore = (state: MemoryState): SessionStore => ({
  async create(session) {
    if (state.sessions.has(session.sessionId)) throw new Error("there is a Connect session of this id");
    state.sessions.set(session.sessionId, copy(session));
  },

  async find(sessionId) {
    return copy(state.sessions.get(sessionId));
  },

  async replaceOpenings({ sessionId, version }, openings) {
    const stored = state.sessions.get(sessionId);
    if (stored?.status !== "open" || stored.version !== version) return false;
    const inOrder = openings.toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime());
    state.sessions.set(sessionId, { ...stored, openings: copy(inOrder), version: version + 1 });
    return true;
  },

  async beginExchange(request, { now, leaseUntil }) {
    const stored = state.sessions.get(request.sessionId);
    if (stored === undefined) return refuse({ reason: "unknown" });
    const attempt = nextAttempt(stored, request, now);
    if (attempt === undefined) return refuse({ reason: "not_open", session: copy(stored) });
    const { stateHash, cookieHash, codeHash } = request;
    const begun: ConnectSession = {
      ...stored,
      status: "exchanging",
      openings: [],
      exchange: { stateHash, cookieHash, codeHash, attempt, leaseUntil: copy(leaseUntil) },
      version: stored.version + 1,
    };
    state.sessions.set(request.sessionId, begun);
    return ok(copy(begun));
  },

  async fail({ sessionId }, { reason, now, events }) {
    const stored = state.sessions.get(sessionId);
    if (stored?.status !== "exchanging") return false;
    if (hasAny(state, events)) throw new Error("contention on a Connect session");
    state.sessions.set(sessionId, {
      ...stored,
      status: "failed",
      failureReason: reason,
      endedAt: copy(now),
      version: stored.version + 1,
    });
    putEvents(state, events);
    return true;
  },
});

/** Which attempt it would be; undefined if this request may not begin any. */
const nextAttempt = (session: ConnectSession, request: ExchangeRequest, now: Date): number | undefined => {
  const { status, exchange, openings } = session;
  if (status === "open" && session.expiresAt > now) {
    const mine = openings.find((opening) => opening.stateHash === request.stateHash);
    return mine?.cookieHash === request.cookieHash ? 1 : undefined;
  }
  if (status !== "exchanging" || exchange === null || exchange.leaseUntil > now) return undefined;
  const same =
    exchange.stateHash === request.stateHash &&
    exchange.cookieHash === request.cookieHash &&
    exchange.codeHash === request.codeHash;
  return same ? exchange.attempt + 1 : undefined;
};
