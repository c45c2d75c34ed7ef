/** What the stores in memory share: one table's worth of records. */
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { Customer } from "#shared/connection/customer.ts";
import type { PerchEvent } from "#shared/connection/events.ts";
import type { ConnectionId, CustomerId, SessionId } from "#shared/connection/identifiers.ts";
import type { SealedToken } from "#shared/connection/ports.ts";

/** The records. Every value goes in and comes out as a deep copy, so that nobody can change one by reference. */
export interface MemoryState {
  readonly customers: Map<CustomerId, Customer>;
  readonly sessions: Map<SessionId, ConnectSession>;
  readonly owners: Map<ConnectionId, CustomerId>;
  readonly connections: Map<string, Connection>;
  readonly tokens: Map<string, SealedToken>;
  readonly events: Map<string, PerchEvent>;
  /** How many connections lists have read. */
  itemsRead: number;
}

/** Nothing stored yet. */
export const createMemoryState = (): MemoryState => ({
  customers: new Map(),
  sessions: new Map(),
  owners: new Map(),
  connections: new Map(),
  tokens: new Map(),
  events: new Map(),
  itemsRead: 0,
});

/** The key of a connection, or of one of its tokens. No id holds a `#`. */
export const keyOf = (...ids: readonly string[]): string => ids.join("#");

/** A deep copy. */
export const copy = <Value>(value: Value): Value => structuredClone(value);

/** Whether one of the events is there already: then nothing of its transaction may be carried out. */
export const hasAny = (state: MemoryState, events: readonly PerchEvent[]): boolean =>
  events.some((event) => state.events.has(event.eventId));

/** Stores the events of a transaction. */
export const putEvents = (state: MemoryState, events: readonly PerchEvent[]): void => {
  for (const event of events) state.events.set(event.eventId, copy(event));
};
