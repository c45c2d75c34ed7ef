import { hashOf } from "./capability.ts";
import type { ConnectionId, CustomerId, PageSessionId, SessionId, TokenId } from "./identifiers.ts";

/** Why a session failed; each is explained in the OpenAPI document. */
export type SessionFailure =
  | "connection_conflict"
  | "customer_mismatch"
  | "customer_deleting"
  | "connection_limit"
  | "connection_disconnecting"
  | "wrong_account"
  | "invalid_grant"
  | "token_lost"
  | "wrong_client_type"
  | "token_too_large"
  | "finch_refused";

/**
 * How a session ended well: a connection that is new to its customer, one that it had, the one that it was to reconnect, or
 * one that waits for the backend's acceptance.
 */
export type SessionOutcome = "connected" | "known" | "reconnected" | "pending";

/** The end of a session, as the exchange decides it. */
export type SessionEnd =
  | { readonly status: "completed"; readonly outcome: SessionOutcome }
  | { readonly status: "failed"; readonly reason: SessionFailure };

/**
 * Who may use a `state`, as a hash: the browser that holds this cookie, or (embedded) the customer's backend, or the very
 * session of the connections page that asked for it. A `state` of one kind is thereby refused in the others.
 */
export type Holder =
  | { readonly cookie: string }
  | { readonly embeddedFor: CustomerId }
  | { readonly pageSession: PageSessionId };

/** One opening of `connect_url` by a browser: the hash of its `state`, and of who may use it. */
export interface Opening {
  readonly stateHash: string;
  readonly holderHash: string;
  readonly openedAt: Date;
}

/** The exchange that a session has begun: whose it is, with which code, and until when its function may live. */
export interface Exchange {
  readonly stateHash: string;
  readonly holderHash: string;
  readonly codeHash: string;
  /** 1 for the first; a callback may begin another with the same code when the lease of one has ended undecided. */
  readonly attempt: number;
  readonly leaseUntil: Date;
}

/** Where a session stands in the table. `expired` is computed on reading, never stored. */
export type StoredSessionStatus = "open" | "exchanging" | "completed" | "failed" | "cancelled";

/** A Connect session: one way of a customer through Finch Connect. */
export interface ConnectSession {
  readonly sessionId: SessionId;
  readonly customerId: CustomerId;
  /** The customer's at the time; see `Customer.incarnation`. */
  readonly incarnation: string;
  readonly status: StoredSessionStatus;
  readonly mode: "redirect" | "embedded";
  /** The connection that this session is to sign in again; null for an ordinary one. */
  readonly reauthenticates: ConnectionId | null;
  /** The platform wants to look at the connection before it is used. */
  readonly requireAcceptance: boolean;
  readonly products: readonly string[];
  readonly integration: { readonly provider: string; readonly authMethod: string | null } | null;
  readonly returnUrl: string | null;
  readonly ticketHash: string;
  /** Finch's `connect_url`, which openings of ours lead to. */
  readonly finchConnectUrl: string;
  readonly openings: readonly Opening[];
  readonly exchange: Exchange | null;
  readonly outcome: SessionOutcome | null;
  readonly failureReason: SessionFailure | null;
  readonly connectionId: ConnectionId | null;
  readonly tokenId: TokenId | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly version: number;
}

/** What everybody sees as the status: a session that nobody began in time is `expired`. */
export const sessionStatus = (session: ConnectSession, now: Date): StoredSessionStatus | "expired" =>
  session.status === "open" && session.expiresAt <= now ? "expired" : session.status;

/** The hash by which a holder is known. A cookie is 43 characters without a space, so that no two kinds can meet. */
export const holderHash = (holder: Holder): string => {
  if ("cookie" in holder) return hashOf(holder.cookie);
  return hashOf("pageSession" in holder ? `page session ${holder.pageSession}` : `embedded for ${holder.embeddedFor}`);
};

/** The session after its end. `token` is what it brought for its own customer; a failed one names nothing. */
export const endSession = (
  session: ConnectSession,
  end: SessionEnd,
  token: { readonly connectionId: ConnectionId; readonly tokenId: TokenId } | null,
  now: Date,
): ConnectSession => ({
  ...session,
  status: end.status,
  outcome: end.status === "completed" ? end.outcome : null,
  failureReason: end.status === "failed" ? end.reason : null,
  connectionId: end.status === "completed" ? (token?.connectionId ?? null) : null,
  tokenId: end.status === "completed" ? (token?.tokenId ?? null) : null,
  openings: [],
  endedAt: now,
  version: session.version + 1,
});

/**
 * So many openings of one session stay valid at a time; the oldest make room. A mail scanner or a second browser uses up
 * one each. Well above what people do, and small enough for the session to stay one small item.
 */
export const openingsKept = 32;
