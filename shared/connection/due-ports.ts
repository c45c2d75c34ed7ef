import type { PerchEvent } from "./events.ts";
import type { ConnectionId, CustomerId, DeletionId, SessionId } from "./identifiers.ts";

/** What has fallen due, a bounded number at a time, oldest first. */
export interface DueStore {
  readonly exchanges: (before: Date) => Promise<readonly SessionId[]>;
  readonly disconnects: (
    before: Date,
  ) => Promise<readonly { readonly customerId: CustomerId; readonly connectionId: ConnectionId }[]>;
  readonly events: (before: Date) => Promise<readonly string[]>;
  /** Deletions of customers that are to go on. */
  readonly deletions: (before: Date) => Promise<readonly DeletionId[]>;
  /** Connections that Finch is to be asked about: at most so many, and no more than so many are read. */
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

/** The sweep of checks does not go on for a while. */
export interface CheckPause {
  /** What Finch said of the platform, or of so many connections that it is not believed. */
  readonly reason: "platform_trouble" | "rate_limited" | "too_many_undecided" | "too_many_in_trouble";
  readonly until: Date;
}

/** Whether the sweep of checks pauses. Each write is a decision of its own; the last one holds. */
export interface CheckPauseStore {
  /** The last pause, also one that is over; and until when what Finch says of connections is believed, however many they are. */
  readonly find: () => Promise<{ readonly pause: CheckPause | undefined; readonly trustedUntil: Date | undefined }>;
  readonly pause: (pause: CheckPause) => Promise<void>;
  /** Ends a pause, if there is one. */
  readonly resume: (trustedUntil: Date | undefined) => Promise<void>;
}
