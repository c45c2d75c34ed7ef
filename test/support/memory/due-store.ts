import type { DueStore, Outbox } from "#shared/connection/due-ports.ts";
import { copy, type MemoryState } from "./state.ts";

const listedAtMost = 200;
const republishAfterMs = 5 * 60_000;

/** What has fallen due in memory. */
export const createMemoryDueStore = (state: MemoryState): DueStore => ({
  async exchanges(before) {
    return oldestFirst(
      [...state.sessions.values()].flatMap(({ sessionId, status, exchange }) =>
        status === "exchanging" && exchange !== null ? [{ at: exchange.leaseUntil, due: sessionId }] : [],
      ),
      before,
    );
  },

  async disconnects(before) {
    return oldestFirst(
      [...state.connections.values()].flatMap(({ customerId, connectionId, disconnect, entityDisconnects }) =>
        (disconnect === null ? entityDisconnects : [disconnect])
          .toSorted((a, b) => a.nextAttemptAt.getTime() - b.nextAttemptAt.getTime())
          .slice(0, 1)
          .map(({ nextAttemptAt }) => ({ at: nextAttemptAt, due: { customerId, connectionId } })),
      ),
      before,
    );
  },

  async deletions(before) {
    return oldestFirst(
      [...state.deletions.values()]
        .filter(({ completedAt }) => completedAt === null)
        .map(({ deletionId, nextStepAt }) => ({ at: nextStepAt, due: deletionId })),
      before,
    );
  },

  async checks(before, limit) {
    return oldestFirst(
      [...state.connections.values()]
        .filter(({ disconnect, entityDisconnects }) => disconnect === null && entityDisconnects.length === 0)
        .map(({ customerId, connectionId, nextCheckAt: at }) => ({ at, due: { customerId, connectionId, dueAt: at } })),
      before,
      limit,
    );
  },

  async events(before) {
    return oldestFirst(
      [...state.outbox.values()].map(({ eventId, time }) => ({
        at: new Date(time.getTime() + republishAfterMs),
        due: eventId,
      })),
      before,
    );
  },
});

/** The outbox in memory. */
export const createMemoryOutbox = (state: MemoryState): Outbox => ({
  async find(eventId) {
    return copy(state.outbox.get(eventId));
  },

  async remove(eventId) {
    state.outbox.delete(eventId);
  },
});

const oldestFirst = <Due>(
  all: readonly { readonly at: Date; readonly due: Due }[],
  before: Date,
  limit = listedAtMost,
): Due[] =>
  all
    .filter(({ at }) => at <= before)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, limit)
    .map(({ due }) => due);
