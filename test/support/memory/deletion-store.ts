import type { DeletionStore } from "#shared/connection/customer-deletion.ts";
import { cancelInMemory } from "./session-store.ts";
import { copy, hasAny, keyOf, type MemoryState, putTraces } from "./state.ts";

/** Deletions of customers and their receipts in memory. */
export const createMemoryDeletionStore = (state: MemoryState): DeletionStore => {
  const linesOf = (deletionId: string) =>
    [...state.lines].flatMap(([key, line]) => (key.startsWith(keyOf(deletionId, "")) ? [line] : []));

  return {
    async begin({ customerId, incarnation }, deletion, traces = []) {
      const customer = state.customers.get(customerId);
      if (customer?.incarnation !== incarnation || customer.deletion !== null) return false;
      const { deletionId, requestedAt } = copy(deletion);
      state.customers.set(customerId, { ...customer, deletion: { deletionId, requestedAt } });
      state.deletions.set(deletionId, copy(deletion));
      putTraces(state, traces);
      return true;
    },

    async find(deletionId) {
      return copy(state.deletions.get(deletionId));
    },

    async lines(deletionId, limit) {
      return copy(linesOf(deletionId).slice(0, limit));
    },

    async count(deletionId) {
      const lines = linesOf(deletionId);
      return { connections: lines.length, tokens: lines.reduce((sum, line) => sum + line.tokensDestroyed, 0) };
    },

    async sessions(customerId, limit) {
      return [...state.sessions.values()]
        .filter((session) => session.customerId === customerId)
        .slice(0, limit)
        .map(({ sessionId }) => sessionId);
    },

    async cancelSession(sessionId, now) {
      const session = state.sessions.get(sessionId);
      if (session?.status === "open") cancelInMemory(state, session, now);
    },

    async eraseSessions({ deletionId }, sessions) {
      const deletion = state.deletions.get(deletionId);
      if (deletion === undefined || deletion.completedAt !== null) return false;
      const stored = sessions.map(({ sessionId }) => state.sessions.get(sessionId));
      if (stored.some((session) => session === undefined || session.status === "exchanging")) return false;
      for (const { sessionId } of sessions) state.sessions.delete(sessionId);
      state.deletions.set(deletionId, {
        ...deletion,
        sessionsErased: deletion.sessionsErased + sessions.length,
        tokensLost: deletion.tokensLost + sessions.filter(({ lost }) => lost).length,
      });
      return true;
    },

    async postpone({ deletionId }, { nextStepAt, attempts, connectionsFrom }) {
      const deletion = state.deletions.get(deletionId);
      if (deletion === undefined || deletion.completedAt !== null) return false;
      state.deletions.set(deletionId, { ...deletion, ...copy({ nextStepAt, attempts, connectionsFrom }) });
      return true;
    },

    async complete({ deletionId, customerId, incarnation }, { ended, now, event }) {
      const deletion = state.deletions.get(deletionId);
      const customer = state.customers.get(customerId);
      if (deletion === undefined || deletion.completedAt !== null || hasAny(state, [event])) return false;
      if (customer?.incarnation !== incarnation || customer.deletion?.deletionId !== deletionId) return false;
      if (customer.connectionCount !== 0) return false;
      state.customers.delete(customerId);
      state.deletions.set(deletionId, { ...deletion, completedAt: copy(now), ended: copy(ended) });
      putTraces(state, [event]);
      return true;
    },
  };
};
