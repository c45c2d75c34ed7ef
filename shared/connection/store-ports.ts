/** The ports of the stores. It is long because they are read together. */
import type { Result } from "../result.ts";
import type { Trace } from "./audit.ts";
import type { ConnectSession, Opening, SessionEnd } from "./connect-session.ts";
import type { Connection } from "./connection.ts";
import type { Customer, CustomerMode, CustomerProfile } from "./customer.ts";
import type { Employer } from "./employer.ts";
import type { PerchEvent } from "./events.ts";
import type { ConnectionId, CustomerId, SessionId, TokenId } from "./identifiers.ts";
import type { SealedToken } from "./ports.ts";
import type { SettledHint } from "./webhook-ports.ts";

export interface CustomerStore {
  /**
   * Creates the customer, or replaces what the platform says of it. Refuses `single` for a customer that owns two
   * connections or more, and anything for one that is being deleted, under the same condition as the write.
   */
  readonly put: (
    profile: CustomerProfile,
    made: { readonly incarnation: string; readonly defaultMode: CustomerMode; readonly now: Date },
  ) => Promise<
    Result<{ readonly customer: Customer; readonly created: boolean }, "connection_limit" | "customer_deleting">
  >;
  readonly find: (customerId: CustomerId) => Promise<Customer | undefined>;
  /** All customers, newest first. */
  readonly list: (query: {
    readonly limit: number;
    readonly from: CustomerPosition | undefined;
  }) => Promise<{ readonly items: readonly Customer[]; readonly next: CustomerPosition | undefined }>;
}

/** Where the next page of the list of customers begins: before this one in time. */
export interface CustomerPosition {
  readonly createdAt: string;
  readonly customerId: CustomerId;
}

/** Why a session is not changed, or its exchange may not begin: it is as it was. */
export type SessionRefusal =
  | { readonly reason: "unknown" }
  /** There is such a session, as it stands; the caller compares. */
  | { readonly reason: "not_open"; readonly session: ConnectSession };

/** Who asks for the exchange: the browser's cookie, the `state` that it brought and the code, all as hashes. */
export interface ExchangeRequest {
  readonly sessionId: SessionId;
  readonly stateHash: string;
  readonly holderHash: string;
  readonly codeHash: string;
}

/** Where the next page of a list of sessions begins. */
export interface SessionPosition {
  readonly createdAt: string;
  readonly sessionId: SessionId;
}

export interface SessionStore {
  /** Stores a new session with its traces, unless its customer is another than the one it was made for, or is being deleted. */
  readonly create: (
    session: ConnectSession,
    traces?: readonly Trace[],
  ) => Promise<Result<void, "customer_unknown" | "customer_deleting">>;
  readonly find: (sessionId: SessionId) => Promise<ConnectSession | undefined>;
  /** Replaces the openings of an open session if its version is still the one read; false if it is not. */
  readonly replaceOpenings: (session: ConnectSession, openings: readonly Opening[]) => Promise<boolean>;
  /**
   * Takes the session to `exchanging`: from `open`, with an opening of this `state` and cookie, before its end; or again
   * from `exchanging` with the same `state`, cookie and code once the lease has ended. One conditional write: checks the
   * browser, spends the `state`, ends all other openings, and records that Finch may have been called. It asks nothing of the
   * customer: one that is deleted cancels its open sessions, and waits for the others.
   */
  readonly beginExchange: (
    request: ExchangeRequest,
    lease: { readonly now: Date; readonly leaseUntil: Date },
  ) => Promise<Result<ConnectSession, SessionRefusal>>;
  /**
   * Ends an exchanging session, with its events; false if it is not exchanging (any more) or has begun again since it was
   * read. `token` is what it brought for its own customer.
   */
  readonly end: (
    session: ConnectSession,
    ending: {
      readonly end: SessionEnd;
      readonly token: { readonly connectionId: ConnectionId; readonly tokenId: TokenId } | null;
      readonly now: Date;
      readonly events: readonly PerchEvent[];
    },
  ) => Promise<boolean>;
  /** Cancels an open session. Refused with the session as it is, if it is not open (any more). */
  readonly cancel: (sessionId: SessionId, now: Date) => Promise<Result<ConnectSession, SessionRefusal>>;
  /** A customer's sessions, newest first. */
  readonly list: (
    customerId: CustomerId,
    query: { readonly limit: number; readonly from: SessionPosition | undefined },
  ) => Promise<{ readonly items: readonly ConnectSession[]; readonly next: SessionPosition | undefined }>;
}

/** An exchanged token on its way into the table: the next state of its connection, and what ends with it. */
export interface Claim {
  /** The connection as it shall be; in its first version, if it is new. */
  readonly connection: Connection;
  readonly token: SealedToken;
  /**
   * The customer's record must still be of this incarnation; undefined for a customer that Finch named. One that is being
   * deleted takes only what ends a session of its own: the session is what the deletion waits for.
   */
  readonly incarnation: string | undefined;
  /** The connection comes into use with it: it counts for the customer, and mode `single` allows one. */
  readonly takesIntoUse: boolean;
  /**
   * The session to end with it, exchanging or (the sweep has given it up) failed, in the version that the events tell of;
   * undefined when it ended otherwise and only the token is to be kept.
   */
  readonly ending: { readonly session: ConnectSession; readonly end: SessionEnd } | undefined;
  readonly events: readonly Trace[];
  readonly now: Date;
}

/** Why a claim changed nothing. Each tells what is true instead, so that the caller can decide again. */
export type ClaimRefusal =
  | { readonly reason: "owned_elsewhere"; readonly owner: CustomerId }
  /** The customer has the connection, in this state; the claim was made for another. */
  | { readonly reason: "connection_changed"; readonly connection: Connection | undefined }
  /** No such customer, or one of another incarnation. */
  | { readonly reason: "customer_unknown"; readonly customerId: CustomerId }
  | { readonly reason: "customer_deleting"; readonly customerId: CustomerId }
  /** In mode `single`, and it owns a connection. */
  | { readonly reason: "connection_limit" }
  /** The session is another version by now; here it is as it stands. */
  | { readonly reason: "session_changed"; readonly session: ConnectSession | undefined }
  /** This very token is stored: an earlier try had its effect. */
  | { readonly reason: "token_stored" }
  /** Another transaction touched one of the items; nothing is known. Try again. */
  | { readonly reason: "contention" };

/** A page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; undefined on the last. */
  readonly next: PagePosition | undefined;
}

export interface PagePosition {
  readonly listedAt: string;
  readonly connectionId: ConnectionId;
}

/** Whose a connection is, and which tokens it probably has. */
export interface Ownership {
  readonly customerId: CustomerId;
  readonly tokenIds: readonly TokenId[];
}

export interface ConnectionStore {
  /** Stores connection, owner, token, events and the session's end in one transaction, or nothing. */
  readonly claim: (claim: Claim) => Promise<Result<void, ClaimRefusal>>;
  readonly find: (customerId: CustomerId, connectionId: ConnectionId) => Promise<Connection | undefined>;
  /** Who owns or holds a connection: nobody (never claimed, or given up), a customer, or nobody any more (disconnected). */
  readonly findOwner: (connectionId: ConnectionId) => Promise<CustomerId | "disconnected" | undefined>;
  /** The same, with the newest tokens at the last claim: some may be gone by now. */
  readonly findOwnership: (connectionId: ConnectionId) => Promise<Ownership | "disconnected" | undefined>;
  readonly findToken: (
    customerId: CustomerId,
    connectionId: ConnectionId,
    tokenId: TokenId,
  ) => Promise<SealedToken | undefined>;
  /** Newest first; reads at most `limit` + 1 items, or 4 × `limit` where a filter is given. */
  readonly list: (
    customerId: CustomerId,
    query: {
      readonly limit: number;
      readonly from: PagePosition | undefined;
      readonly status: string | undefined;
      readonly providerId: string | undefined;
    },
  ) => Promise<Page<Connection>>;
  /**
   * Sets what was read of the employers of a connection that is at this version still; false if it is not. The version stays:
   * they say nothing of the connection, and whoever changes it at the same moment may put back what it has read, which
   * makes them due again.
   */
  readonly keepEmployers: (connection: Connection, employers: readonly Employer[]) => Promise<boolean>;
  /**
   * Replaces a connection if its version is still the one before, with its events; false if it is not. The items of the
   * tokens that it no longer names go with it, and a webhook that made Perch look is marked as seen.
   */
  readonly replace: (
    connection: Connection,
    events: readonly Trace[],
    superseded?: readonly TokenId[],
    settled?: SettledHint,
  ) => Promise<boolean>;
  /**
   * Sets when a connection is looked at next, and changes nothing else: its version stays. Only if that is still the one
   * read; false if it is not.
   */
  readonly postpone: (connection: Connection, nextCheckAt: Date) => Promise<boolean>;
  /** Replaces several connections, each if its version is still the one before, with their events: all of them, or none. */
  readonly replaceTogether: (connections: readonly Connection[], events: readonly Trace[]) => Promise<boolean>;
  /** Takes a held connection into use, under the customer's conditions. `changed`: its version is another one by now. */
  readonly release: (
    connection: Connection,
    events: readonly Trace[],
  ) => Promise<Result<void, "changed" | "connection_limit" | "customer_deleting">>;
  /**
   * Removes a connection with its tokens, if its version is still this one; false if it is not. `frees` says what becomes
   * of the owner: nobody's again (a discarded one), or a tombstone with a keyed hash of the customer (a disconnected one).
   * `counts` tells whether it counted for the customer.
   */
  readonly remove: (
    connection: Connection,
    removal: {
      readonly tombstone: { readonly customerHash: string; readonly disconnectedAt: Date } | null;
      readonly counts: boolean;
      readonly events: readonly Trace[];
    },
  ) => Promise<boolean>;
}
