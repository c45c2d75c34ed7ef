import type { PerchEvent } from "#shared/connection/events.ts";
import type { ConnectionStore, CustomerStore, SessionStore } from "#shared/connection/ports.ts";
import { createMemoryConnectionStore } from "./connection-store.ts";
import { createMemoryCustomerStore } from "./customer-store.ts";
import { createMemorySessionStore } from "./session-store.ts";
import { copy, createMemoryState, type MemoryState } from "./state.ts";

/** The stores over one memory. */
export interface MemoryStores {
  readonly customers: CustomerStore;
  readonly sessions: SessionStore;
  readonly connections: ConnectionStore;
  /** All events so far, the oldest first. */
  readonly events: () => readonly PerchEvent[];
  /** For looking in, and for bringing about what the ports cannot. */
  readonly state: MemoryState;
}

/** Empty stores that share one memory, as the real ones share one table. */
export const createMemoryStores = (): MemoryStores => {
  const state = createMemoryState();
  return {
    customers: createMemoryCustomerStore(state),
    sessions: createMemorySessionStore(state),
    connections: createMemoryConnectionStore(state),
    events: () => copy([...state.events.values()]),
    state,
  };
};
