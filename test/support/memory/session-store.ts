import { type ConnectSession, endSession } from "#shared/connection/connect-session.ts";
import type { ExchangeRequest, SessionStore } from "#shared/connection/store-ports.ts";
import { ok, refuse } from "#shared/result.ts";
import { copy, hasAny, keyOf, type MemoryState, putTraces } from "./state.ts";

/** Connect sessions in memory. */
export const createMemorySessionStore = (state: MemoryState): SessionStore => ({
  async create(session, traces = []) {
    const customer = state.customers.get(session.customerId);
    if (customer?.incarnation !== session.incarnation) return refuse("customer_unknown");
    if (customer.deletion !== null) return refuse("customer_deleting");
    if (state.sessions.has(session.sessionId)) throw new Error("there is a Connect session of this id");
    state.sessions.set(session.sessionId, copy(session));
    putTraces(state, traces);
    return ok(undefined);
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
    const { stateHash, holderHash, codeHash } = request;
    const begun: ConnectSession = {
      ...stored,
      status: "exchanging",
      openings: [],
      exchange: { stateHash, holderHash, codeHash, attempt, leaseUntil: copy(leaseUntil) },
      version: stored.version + 1,
    };
    state.sessions.set(request.sessionId, begun);
    return ok(copy(begun));
  },

  async end({ sessionId, version }, { end, token, now, events }) {
    const stored = state.sessions.get(sessionId);
    if (stored?.status !== "exchanging" || stored.version !== version) return false;
    if (hasAny(state, events)) throw new Error("contention on a Connect session");
    state.sessions.set(sessionId, copy(endSession(stored, end, token, now)));
    putTraces(state, events);
    return true;
  },

  async cancel(sessionId, now) {
    const stored = state.sessions.get(sessionId);
    if (stored === undefined) return refuse({ reason: "unknown" });
    if (stored.status !== "open" || stored.expiresAt <= now)
      return refuse({ reason: "not_open", session: copy(stored) });
    return ok(cancelInMemory(state, stored, now));
  },

  async list(customerId, { limit, from }) {
    const start = from && keyOf(from.createdAt, from.sessionId);
    const rest = [...state.sessions.values()]
      .filter((session) => session.customerId === customerId)
      .filter((session) => start === undefined || positionOf(session) < start)
      .toSorted((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1));
    const items = rest.slice(0, limit);
    state.itemsRead += Math.min(rest.length, limit + 1);
    const last = items.at(-1);
    const next =
      rest.length > limit && last !== undefined
        ? { createdAt: last.createdAt.toISOString(), sessionId: last.sessionId }
        : undefined;
    return { items: copy(items), next };
  },
});

/** Cancels a session, whose openings end with it. */
export const cancelInMemory = (state: MemoryState, session: ConnectSession, now: Date): ConnectSession => {
  const { sessionId, version } = session;
  const cancelled = { ...session, openings: [], endedAt: now, version: version + 1, status: "cancelled" as const };
  state.sessions.set(sessionId, copy(cancelled));
  return copy(cancelled);
};

const positionOf = (session: ConnectSession) => keyOf(session.createdAt.toISOString(), session.sessionId);

/** Which attempt it would be; undefined if this request may not begin any. */
const nextAttempt = (session: ConnectSession, request: ExchangeRequest, now: Date): number | undefined => {
  const { status, exchange, openings } = session;
  if (status === "open" && session.expiresAt > now) {
    const mine = openings.find((opening) => opening.stateHash === request.stateHash);
    return mine?.holderHash === request.holderHash ? 1 : undefined;
  }
  if (status !== "exchanging" || exchange === null || exchange.leaseUntil > now) return undefined;
  const same =
    exchange.stateHash === request.stateHash &&
    exchange.holderHash === request.holderHash &&
    exchange.codeHash === request.codeHash;
  return same ? exchange.attempt + 1 : undefined;
};
