import type { Result } from "../result.ts";
import type { Secret } from "../secret.ts";
import type { ConnectSession, Opening, SessionEnd, SessionFailure } from "./connect-session.ts";
import type { AuthenticationMethod, Connection, Entity, TokenRecord } from "./connection.ts";
import type { Customer, CustomerMode, CustomerProfile } from "./customer.ts";
import type { PerchEvent } from "./events.ts";
import type { ConnectionId, CustomerId, SessionId, TokenId } from "./identifiers.ts";

/** Time and chance, so that a test decides both. */
export interface Surroundings {
  readonly now: () => Date;
  readonly randomBytes: (length: number) => Uint8Array;
  /** A UUID that sorts by time (RFC 9562 version 7). */
  readonly newId: () => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface CustomerStore {
  /**
   * Creates the customer, or replaces what the platform says of it. Refuses `single` for a customer that owns two
   * connections or more, under the same condition as the write.
   */
  readonly put: (
    profile: CustomerProfile,
    made: { readonly incarnation: string; readonly defaultMode: CustomerMode; readonly now: Date },
  ) => Promise<Result<{ readonly customer: Customer; readonly created: boolean }, "connection_limit">>;
  readonly find: (customerId: CustomerId) => Promise<Customer | undefined>;
}

/** Why an exchange may not begin. The session, if there is one, is as it was. */
export type BeginExchangeRefusal =
  | { readonly reason: "unknown" }
  /** There is such a session, as it stands; the caller compares. */
  | { readonly reason: "not_open"; readonly session: ConnectSession };

/** Who asks for the exchange: the browser's cookie, the `state` that it brought and the code, all as hashes. */
export interface ExchangeRequest {
  readonly sessionId: SessionId;
  readonly stateHash: string;
  readonly cookieHash: string;
  readonly codeHash: string;
}

export interface SessionStore {
  readonly create: (session: ConnectSession) => Promise<void>;
  readonly find: (sessionId: SessionId) => Promise<ConnectSession | undefined>;
  /** Replaces the openings of an open session if its version is still the one read; false if it is not. */
  readonly replaceOpenings: (session: ConnectSession, openings: readonly Opening[]) => Promise<boolean>;
  /**
   * Takes the session to `exchanging`: from `open`, with an opening of this `state` and cookie, before its end; or again
   * from `exchanging` with the same `state`, cookie and code once the lease has ended. One conditional write: checks the
   * browser, spends the `state`, ends all other openings, and records that Finch may have been called.
   */
  readonly beginExchange: (
    request: ExchangeRequest,
    lease: { readonly now: Date; readonly leaseUntil: Date },
  ) => Promise<Result<ConnectSession, BeginExchangeRefusal>>;
  /** Ends an exchanging session as failed, with its events; false if it is not exchanging (any more). */
  readonly fail: (
    session: ConnectSession,
    failure: {
      readonly reason: SessionFailure;
      readonly now: Date;
      readonly events: readonly PerchEvent[];
    },
  ) => Promise<boolean>;
}

/** A token's ciphertext, with what is not secret of it. */
export interface SealedToken {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
  readonly record: TokenRecord;
  readonly ciphertext: Uint8Array;
}

/** An exchanged token on its way into the table: the next state of its connection, and what ends with it. */
export interface Claim {
  /** The connection as it shall be. Its version is 1 for a new one. */
  readonly connection: Connection;
  readonly token: SealedToken;
  /** The customer's record must still be of this incarnation; undefined where the session's was of another customer. */
  readonly incarnation: string | undefined;
  /** The connection comes into use with it: it counts for the customer, and mode `single` allows one. */
  readonly takesIntoUse: boolean;
  /** The session to end with it; undefined when it ended already and only the token is to be kept. */
  readonly ending: { readonly session: ConnectSession; readonly end: SessionEnd } | undefined;
  readonly events: readonly PerchEvent[];
  readonly now: Date;
}

/** Why a claim changed nothing. Each tells what is true instead, so that the caller can decide again. */
export type ClaimRefusal =
  | { readonly reason: "owned_elsewhere"; readonly owner: CustomerId }
  /** The customer has the connection, in this state; the claim was made for another. */
  | { readonly reason: "connection_changed"; readonly connection: Connection | undefined }
  /** No such customer, or one of another incarnation. */
  | { readonly reason: "customer_unknown"; readonly customerId: CustomerId }
  /** In mode `single`, and it owns a connection. */
  | { readonly reason: "connection_limit" }
  | { readonly reason: "session_ended" }
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

export interface ConnectionStore {
  /** Stores connection, owner, token, events and the session's end in one transaction, or nothing. */
  readonly claim: (claim: Claim) => Promise<Result<void, ClaimRefusal>>;
  readonly find: (customerId: CustomerId, connectionId: ConnectionId) => Promise<Connection | undefined>;
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
  /** Replaces a connection if its version is still the one before, with its events; false if it is not. */
  readonly replace: (connection: Connection, events: readonly PerchEvent[]) => Promise<boolean>;
}

/** What a ciphertext is bound to: it opens for this customer and this connection only. */
export interface TokenContext {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
}

export interface TokenVault {
  readonly seal: (accessToken: Secret, context: TokenContext) => Promise<Uint8Array>;
  /** @throws if the ciphertext was sealed under another context or has been altered. */
  readonly open: (ciphertext: Uint8Array, context: TokenContext) => Promise<Secret>;
}

/** What Finch gives for a code (`POST /auth/token`). */
export interface TokenGrant {
  readonly accessToken: Secret;
  readonly connectionId: ConnectionId;
  readonly entityIds: readonly string[];
  readonly clientType: string;
  readonly connectionType: string;
  readonly products: readonly string[];
  readonly providerId: string;
  /** The customer that Finch knows the connection by; null where it names none. */
  readonly customerId: string | null;
  readonly companyId: string | null;
}

/** Trouble between the platform and Finch, never the customer's: wrong client secret, unpaid, a request Finch refuses. */
export interface PlatformTrouble {
  readonly kind: "platform_trouble";
  readonly reason: string;
}

/** Nothing is known: no answer, one that cannot be read, or one that tells of no decision (429, 5xx). */
export interface Undecided {
  readonly kind: "undecided";
  readonly reason: "timeout" | "unreachable" | "rate_limited" | "server_error" | "unreadable";
}

export type ExchangeAnswer =
  | { readonly kind: "granted"; readonly grant: TokenGrant }
  | { readonly kind: "invalid_grant" }
  | PlatformTrouble
  | Undecided;

/** What Finch says of a token (`GET /introspect`). */
export interface Introspection {
  readonly connectionId: ConnectionId;
  readonly clientType: string;
  readonly connectionType: string;
  readonly providerId: string;
  readonly status: string;
  readonly lastSuccessfulSync: Date | null;
  readonly products: readonly string[];
  readonly authenticationMethods: readonly AuthenticationMethod[];
  readonly entities: readonly Entity[];
  readonly customerId: string | null;
  readonly companyId: string | null;
  readonly username: string | null;
}

export type IntrospectAnswer =
  | { readonly kind: "introspected"; readonly introspection: Introspection }
  | { readonly kind: "reauthenticate_user" }
  | { readonly kind: "invalid_token" }
  | PlatformTrouble
  | Undecided;

export interface NewFinchSession {
  readonly customerId: CustomerId;
  readonly customerName: string;
  readonly customerEmail: string | null;
  readonly products: readonly string[];
  readonly integration: ConnectSession["integration"];
  readonly minutesToExpire: number;
  readonly redirectUri: string;
  readonly sandbox: "finch" | "provider" | undefined;
}

export type NewSessionAnswer =
  | { readonly kind: "created"; readonly connectUrl: string }
  /** Finch refuses what the caller asked for, such as products that the application may not have. */
  | { readonly kind: "refused"; readonly message: string }
  | PlatformTrouble
  | Undecided;

export interface Finch {
  readonly createSession: (session: NewFinchSession) => Promise<NewSessionAnswer>;
  /** Sends the code once. `timeoutMs` bounds the whole request: when it is over, no request is running any more. */
  readonly exchangeCode: (code: Secret, redirectUri: string, timeoutMs: number) => Promise<ExchangeAnswer>;
  readonly introspect: (accessToken: Secret) => Promise<IntrospectAnswer>;
}
