import type { DueStore, Outbox } from "#shared/connection/store-ports.ts";
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
      [...state.connections.values()].flatMap(({ customerId, connectionId, disconnect }) =>
        disconnect === null ? [] : [{ at: disconnect.nextAttemptAt, due: { customerId, connectionId } }],
      ),
      before,
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

const oldestFirst = <Due>(all: readonly { readonly at: Date; readonly due: Due }[], before: Date): Due[] =>
  all
    .filter(({ at }) => at <= before)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, listedAtMost)
    .map(({ due }) => due);
