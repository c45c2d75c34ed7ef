import type { PerchEvent } from "./events.ts";
import type { ConnectionId, CustomerId, SessionId } from "./identifiers.ts";

/** What has fallen due, a bounded number at a time, oldest first. */
export interface DueStore {
  readonly exchanges: (before: Date) => Promise<readonly SessionId[]>;
  readonly disconnects: (
    before: Date,
  ) => Promise<readonly { readonly customerId: CustomerId; readonly connectionId: ConnectionId }[]>;
  readonly events: (before: Date) => Promise<readonly string[]>;
  /** Connections that Finch is to be asked about, at most so many. */
  readonly checks: (
    before: Date,
    limit: number,
  ) => Promise<
    readonly { readonly customerId: CustomerId; readonly connectionId: ConnectionId; readonly dueAt: Date }[]
  >;
}

/** Events that are written and not yet known to be published. */
export interface Outbox {
  readonly find: (eventId: string) => Promise<PerchEvent | undefined>;
  readonly remove: (eventId: string) => Promise<void>;
}
