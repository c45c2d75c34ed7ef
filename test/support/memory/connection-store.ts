import type { Connection } from "#shared/connection/connection.ts";
import type { ConnectionStore } from "#shared/connection/ports.ts";
import { claimInMemory } from "./claim.ts";
import { copy, hasAny, keyOf, type MemoryState, putEvents } from "./state.ts";

/** Connections, their owners and their sealed tokens in memory. */
export const createMemoryConnectionStore = (state: MemoryState): ConnectionStore => ({
  claim: async (claim) => claimInMemory(state, claim),

  async find(customerId, connectionId) {
    return copy(state.connections.get(keyOf(customerId, connectionId)));
  },

  async findToken(customerId, connectionId, tokenId) {
    return copy(state.tokens.get(keyOf(customerId, connectionId, tokenId)));
  },

  async list(customerId, { limit, from, status, providerId }) {
    const start = from && keyOf(from.listedAt, from.connectionId);
    const rest = [...state.connections.values()]
      .filter((connection) => connection.customerId === customerId)
      .filter((connection) => start === undefined || positionOf(connection) < start)
      .toSorted((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1));
    const isFiltered = status !== undefined || providerId !== undefined;
    const read = rest.slice(0, isFiltered ? limit * 4 : limit + 1);
    state.itemsRead += read.length;
    const found = read.filter(
      (connection) =>
        (status === undefined || connection.status === status) &&
        (providerId === undefined || connection.providerId === providerId),
    );
    const items = found.slice(0, limit);
    // What was read but does not fit is read again; else the next page begins behind what was read.
    const isLast = found.length <= limit && read.length === rest.length;
    const last = found.length > limit ? items.at(-1) : read.at(-1);
    const next = isLast ? undefined : last;
    return {
      items: copy(items),
      next: next && { listedAt: next.createdAt.toISOString(), connectionId: next.connectionId },
    };
  },

  async replace(connection, events) {
    const key = keyOf(connection.customerId, connection.connectionId);
    if (state.connections.get(key)?.version !== connection.version - 1) return false;
    if (hasAny(state, events)) return false;
    state.connections.set(key, copy(connection));
    putEvents(state, events);
    return true;
  },
});

// Newest first; of one moment, in any order that stays.
const positionOf = (connection: Connection) => keyOf(connection.createdAt.toISOString(), connection.connectionId);
