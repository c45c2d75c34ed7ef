import type { AuditId, ConnectionId, CustomerId, TokenId } from "../connection/identifiers.ts";

/** What was done with an access token. */
export type AuditAction = "token_handed_out" | "request_forwarded";

/**
 * One use of an access token: who, what for, with what. Written before the use, beside the opening of the token, so that
 * there is none without its entry; an entry alone may tell of one that came to nothing. Never the token.
 */
export interface AuditEntry {
  /** Sorts by time (RFC 9562 version 7). */
  readonly auditId: AuditId;
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
  readonly action: AuditAction;
  readonly at: Date;
  /** The OAuth client that asked, as the gateway has verified it. */
  readonly caller: string;
  /** What the caller says it is for; null for a forwarded request. */
  readonly reason: string | null;
  readonly products: readonly string[];
  /** Null where none was named. */
  readonly entityId: string | null;
  readonly tokenId: TokenId;
  /** Of a forwarded request, its method and path at Finch, without the query; null for a token that was handed out. */
  readonly request: { readonly method: string; readonly path: string } | null;
  /** The request's id in Perch's logs. */
  readonly requestId: string;
}

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
