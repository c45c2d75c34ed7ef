import type { PerchEvent } from "./events.ts";
import type { AuditId, ConnectionId, CustomerId, SessionId, TokenId } from "./identifiers.ts";
import type { Surroundings } from "./ports.ts";

/** What was done: a use of an access token, or a change that a caller of the API or a customer on its page has made. */
export const auditActions = [
  "token_handed_out",
  "request_forwarded",
  "customer_put",
  "customer_deletion_requested",
  "connect_session_created",
  "reauthenticate_session_created",
  "connect_session_cancelled",
  "connection_imported",
  "authorization_code_received",
  "connection_introspected",
  "connection_labelled",
  "connection_accepted",
  "connection_discarded",
  "disconnect_requested",
  "entity_disconnect_requested",
  "duplicates_kept",
  "page_session_created",
  "page_link_opened",
  "page_session_closed",
  "roster_started",
  "match_decided",
] as const;

export type AuditAction = (typeof auditActions)[number];

/**
 * Who did what to a customer's things. One use of an access token is written before the use, beside the opening of the token,
 * so that there is none without its entry; an entry alone may tell of one that came to nothing. A change is written with its
 * entry in one transaction, or else the entry follows before the change is answered. Never the token.
 */
export interface AuditEntry {
  /** Sorts by time (RFC 9562 version 7). */
  readonly auditId: AuditId;
  readonly customerId: CustomerId;
  /** Null for what is about no connection, or none yet. */
  readonly connectionId: ConnectionId | null;
  /** Of what is about a Connect session. */
  readonly sessionId: SessionId | null;
  readonly action: AuditAction;
  readonly at: Date;
  /** The OAuth client that asked, as the gateway has verified it; or `page:` and the customer's page session. */
  readonly caller: string;
  /** What the caller says that a token is for; null for all else. */
  readonly reason: string | null;
  readonly products: readonly string[];
  /** Null where none was named. */
  readonly entityId: string | null;
  /** Null for what used or brought no token. */
  readonly tokenId: TokenId | null;
  /** Of a forwarded request, its method and path at Finch, without the query; null for all else. */
  readonly request: { readonly method: string; readonly path: string } | null;
  /** The request's id in Perch's logs. */
  readonly requestId: string;
}

/** Who asks for a change, and by which request. */
export interface Actor {
  readonly caller: string;
  readonly requestId: string;
}

/** What a change leaves behind beside itself, in one transaction with it: events for the outbox, and who has made it. */
export type Trace = PerchEvent | AuditEntry;

/** What was done to what, and when. */
export type Act = Pick<AuditEntry, "customerId" | "action" | "at"> &
  Partial<Pick<AuditEntry, "connectionId" | "sessionId" | "products" | "entityId" | "tokenId">>;

/** An act as an entry. */
export const entryOf = (
  { newId }: Pick<Surroundings, "newId">,
  { caller, requestId }: Actor,
  act: Act,
): AuditEntry => ({
  auditId: newId() as AuditId,
  ...{ connectionId: null, sessionId: null, reason: null, products: [], entityId: null, tokenId: null, request: null },
  ...act,
  ...{ caller, requestId },
});

/** The same for the write that makes the change: one entry, or none of what Perch does by itself. */
export const entriesOf = (deps: Pick<Surroundings, "newId">, by: Actor | undefined, act: Act): readonly AuditEntry[] =>
  by === undefined ? [] : [entryOf(deps, by, act)];

/** Where the next page of a customer's audit begins: before this entry in time. */
export interface AuditPosition {
  readonly at: string;
  readonly auditId: AuditId;
}

export interface AuditStore {
  /** Stores an entry, once. @throws whatever keeps it from being stored. */
  readonly record: (entry: AuditEntry) => Promise<void>;
  /** A customer's entries, newest first. With `connectionId`, a page reads at most 4 × `limit` and may be short. */
  readonly list: (
    customerId: CustomerId,
    query: {
      readonly limit: number;
      readonly from: AuditPosition | undefined;
      readonly connectionId: ConnectionId | undefined;
    },
  ) => Promise<{ readonly items: readonly AuditEntry[]; readonly next: AuditPosition | undefined }>;
}
