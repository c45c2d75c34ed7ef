import { type Connection, connectionStatus } from "#shared/connection/connection.ts";
import { toLine } from "#shared/connection/customer-deletion.ts";
import type { ConnectionStore } from "#shared/connection/store-ports.ts";
import { ok, refuse } from "#shared/result.ts";
import { claimInMemory } from "./claim.ts";
import {
  copy,
  count,
  expectOneTransaction,
  hasAny,
  isAt,
  keyOf,
  type MemoryState,
  putNextVersion,
  putTraces,
} from "./state.ts";

/** Connections, their owners and their sealed tokens in memory. */
export const createMemoryConnectionStore = (state: MemoryState): ConnectionStore => ({
  claim: async (claim) => claimInMemory(state, claim),

  async find(customerId, connectionId) {
    return copy(state.connections.get(keyOf(customerId, connectionId)));
  },

  async findOwnership(connectionId) {
    const customerId = state.owners.get(connectionId);
    if (customerId !== undefined) return { customerId, tokenIds: state.ownedTokens.get(connectionId) ?? [] };
    return state.tombstones.has(connectionId) ? "disconnected" : undefined;
  },

  async findOwner(connectionId) {
    return state.owners.get(connectionId) ?? (state.tombstones.has(connectionId) ? "disconnected" : undefined);
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
        (status === undefined || connectionStatus(connection) === status) &&
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

  async replace(connection, events, superseded = [], settled = undefined) {
    expectOneTransaction(3 + superseded.length + events.length);
    if (hasAny(state, events) || !putNextVersion(state, connection)) return false;
    for (const tokenId of superseded) {
      state.tokens.delete(keyOf(connection.customerId, connection.connectionId, tokenId));
    }
    if (settled?.finchEventId !== undefined) state.seenWebhooks.add(settled.finchEventId);
    if (settled?.unparks === true) state.parked.delete(connection.connectionId);
    putTraces(state, events);
    return true;
  },

  async postpone(connection, nextCheckAt) {
    const key = keyOf(connection.customerId, connection.connectionId);
    const stored = state.connections.get(key);
    if (stored === undefined || !isAt(state, connection, connection.version)) return false;
    state.connections.set(key, { ...stored, nextCheckAt: copy(nextCheckAt) });
    return true;
  },

  async keepEmployers(connection, employers) {
    const key = keyOf(connection.customerId, connection.connectionId);
    const stored = state.connections.get(key);
    if (stored === undefined || !isAt(state, connection, connection.version)) return false;
    state.connections.set(key, { ...stored, employers: copy(employers) });
    return true;
  },

  async replaceTogether(connections, events) {
    if (hasAny(state, events) || !connections.every((each) => isAt(state, each, each.version - 1))) return false;
    for (const each of connections) putNextVersion(state, each);
    putTraces(state, events);
    return true;
  },

  async release(connection, events) {
    const customer = state.customers.get(connection.customerId);
    if (!isAt(state, connection, connection.version - 1)) return refuse("changed");
    if (customer !== undefined && customer.deletion !== null) return refuse("customer_deleting");
    if (customer === undefined || (customer.mode === "single" && customer.connectionCount > 0)) {
      return refuse("connection_limit");
    }
    if (hasAny(state, events)) return refuse("changed");
    putNextVersion(state, connection);
    count(state, connection.customerId, 1);
    putTraces(state, events);
    return ok(undefined);
  },

  async remove(connection, { tombstone, counts, events }) {
    const { customerId, connectionId, tokens, version } = connection;
    const key = keyOf(customerId, connectionId);
    expectOneTransaction(2 + tokens.length + (counts ? 1 : 0) + events.length);
    if (!isAt(state, connection, version) || state.owners.get(connectionId) !== customerId) return false;
    if (counts && !((state.customers.get(customerId)?.connectionCount ?? 0) > 0)) return false;
    if (hasAny(state, events)) return false;
    state.connections.delete(key);
    state.owners.delete(connectionId);
    if (tombstone !== null) state.tombstones.set(connectionId, copy(tombstone));
    const deletionId = connection.disconnect?.deletionId;
    if (tombstone !== null && deletionId !== undefined) {
      state.lines.set(keyOf(deletionId, connectionId), toLine(connection, tombstone.disconnectedAt));
    }
    for (const { tokenId } of tokens) state.tokens.delete(keyOf(customerId, connectionId, tokenId));
    if (counts) count(state, customerId, -1);
    putTraces(state, events);
    return true;
  },
});

// Newest first; of one moment, in any order that stays.
const positionOf = (connection: Connection) => keyOf(connection.createdAt.toISOString(), connection.connectionId);
