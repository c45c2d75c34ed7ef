import type { ConnectionId } from "./identifiers.ts";

/** How many connections that nobody has are kept in an hour: those of another deployment at the same Finch must not fill the table. */
export const mostParkedInAnHour = 500;

/** What is remembered of Finch's webhooks. */
export interface WebhookStore {
  /**
   * Whether a webhook has had its effect. It is marked in the transaction of the effect (`ConnectionStore.replace`) and
   * nowhere else, so that none is taken for a double whose first delivery came to nothing.
   */
  readonly hasSeen: (finchEventId: string) => Promise<boolean>;
  /**
   * Remembers for a day that Finch told of a connection that nobody has. `full`: it is a new one, and this hour's are
   * enough; nothing is stored.
   */
  readonly park: (connectionId: ConnectionId, now: Date, most?: number) => Promise<"parked" | "full">;
}

/** A webhook that has its effect with a change, and what was remembered of the connection before somebody had it. */
export interface SettledHint {
  /** Marked as seen. */
  readonly finchEventId: string | undefined;
  /** The connection is not looked for any more: it was looked at. */
  readonly unparks: boolean;
  readonly now: Date;
}
