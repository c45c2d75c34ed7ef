import type { Trace } from "./audit.ts";
import type { Connection } from "./connection.ts";
import type { Customer } from "./customer.ts";
import type { PerchEvent } from "./events.ts";
import type { ConnectionId, CustomerId, DeletionId, SessionId } from "./identifiers.ts";
import type { PagePosition } from "./store-ports.ts";

/** The deletion of one customer's life, from its request on; kept as the receipt once it is done. */
export interface CustomerDeletion {
  readonly deletionId: DeletionId;
  readonly customerId: CustomerId;
  /** The life that is deleted: what is made under the same id afterwards is none of its business. */
  readonly incarnation: string;
  readonly requestedAt: Date;
  /** Null while it goes on. */
  readonly completedAt: Date | null;
  /** When its next step is due. */
  readonly nextStepAt: Date;
  /** Steps that found something to wait for. */
  readonly attempts: number;
  /** How far the walk over the connections has come; null at its beginning. */
  readonly connectionsFrom: PagePosition | null;
  readonly sessionsErased: number;
  /** Sessions whose token Finch issued and Perch never got: at Finch their connections may go on. */
  readonly tokensLost: number;
  /** Counted at the end, from the receipt's lines; null until then. */
  readonly ended: DisconnectedCount | null;
}

/** What ended at Finch for a deletion. */
export interface DisconnectedCount {
  readonly connections: number;
  readonly tokens: number;
}

/** A line of the receipt: written in the transaction that removes the connection, once Finch has confirmed its end. */
export interface DisconnectedConnection {
  readonly connectionId: ConnectionId;
  readonly providerId: string;
  readonly disconnectedAt: Date;
  readonly tokensDestroyed: number;
}

/** A session to erase; `lost`, if a token that Finch issued for it never arrived. */
export interface ErasableSession {
  readonly sessionId: SessionId;
  readonly lost: boolean;
}

export interface DeletionStore {
  /**
   * Marks the customer and stores the deletion with its traces, in one transaction. False if the customer is of another life by now, gone,
   * or marked already.
   */
  readonly begin: (customer: Customer, deletion: CustomerDeletion, traces?: readonly Trace[]) => Promise<boolean>;
  readonly find: (deletionId: DeletionId) => Promise<CustomerDeletion | undefined>;
  /** Lines of the receipt, at most so many. */
  readonly lines: (deletionId: DeletionId, limit: number) => Promise<readonly DisconnectedConnection[]>;
  /** All lines of the receipt, counted. */
  readonly count: (deletionId: DeletionId) => Promise<DisconnectedCount>;
  /** The customer's sessions that are still stored, at most so many; read consistently. */
  readonly sessions: (customerId: CustomerId, limit: number) => Promise<readonly SessionId[]>;
  /**
   * Cancels a session that is open, past its time or not: no exchange begins with it any more, by whatever clock. One that
   * is exchanging, has ended or is gone stays as it is.
   */
  readonly cancelSession: (sessionId: SessionId, now: Date) => Promise<void>;
  /**
   * Erases sessions, and counts them for the receipt, in one transaction; false if one of them is exchanging, or another
   * step has erased one of them.
   */
  readonly eraseSessions: (deletion: CustomerDeletion, sessions: readonly ErasableSession[]) => Promise<boolean>;
  /** Stores when the next step is due, and how far the walk has come; false if the deletion is done. */
  readonly postpone: (
    deletion: CustomerDeletion,
    next: Pick<CustomerDeletion, "nextStepAt" | "attempts" | "connectionsFrom">,
  ) => Promise<boolean>;
  /**
   * Removes the customer's record and completes the deletion, with its event, in one transaction. False if the record is
   * of another life, marked by another deletion, or still counts a connection.
   */
  readonly complete: (
    deletion: CustomerDeletion,
    completion: { readonly ended: DisconnectedCount; readonly now: Date; readonly event: PerchEvent },
  ) => Promise<boolean>;
}

/** The line of the receipt for a connection that Finch has ended. */
export const toLine = (connection: Connection, disconnectedAt: Date): DisconnectedConnection => ({
  connectionId: connection.connectionId,
  providerId: connection.providerId,
  disconnectedAt,
  tokensDestroyed: connection.tokens.length,
});
