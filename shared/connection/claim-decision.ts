import type { ConnectSession, SessionEnd, SessionFailure } from "./connect-session.ts";
import type { Connection, TokenRecord } from "./connection.ts";
import { withEntities } from "./connection.ts";
import { type CustomerId, parseCustomerId } from "./identifiers.ts";
import type { TokenGrant } from "./ports.ts";

/** What has been learnt so far of the connection that Finch named; each refused claim adds to it. */
export interface Facts {
  readonly owner: CustomerId | undefined;
  /** The connection as the session's customer has it. */
  readonly connection: Connection | undefined;
  /** Perch has no customer of this id (any more). */
  readonly unknownCustomer: CustomerId | undefined;
  /** The session's customer is in mode `single` and owns a connection. */
  readonly atLimit: boolean;
}

/** What becomes of an exchanged token. */
export type ClaimDecision =
  /** It is stored nowhere and dropped. Never disconnected: that would cut off the connection's owner. */
  { readonly kind: "drop"; readonly reason: SessionFailure } | Keep;

/** The token is kept for `customerId`: of a connection that it has, or (`to` undefined) of one that is new. */
export interface Keep {
  readonly kind: "keep";
  readonly customerId: CustomerId;
  readonly to: Connection | undefined;
  /** Not null: the connection stays out of use until the backend accepts it. */
  readonly held: Connection["heldReason"];
}

/** Finch's tokens are some 40 characters; a longer one than this is refused rather than cut or split. */
const longestTokenBytes = 4096;

/**
 * Decides what becomes of a token that Finch issued for a session: the first rule that fits. Pure: the claim that follows
 * conditions on every fact used here, and comes back with the right one where a fact was wrong.
 */
export const decideClaim = (
  session: ConnectSession,
  grant: TokenGrant,
  facts: Facts,
  stageClientType: string,
): ClaimDecision => {
  if (grant.clientType !== stageClientType) return { kind: "drop", reason: "wrong_client_type" };
  if (Buffer.byteLength(grant.accessToken.reveal()) > longestTokenBytes) {
    return { kind: "drop", reason: "token_too_large" };
  }
  const named = grant.customerId === null ? session.customerId : parseCustomerId(grant.customerId);
  const isOwn = facts.owner === session.customerId || facts.connection !== undefined;
  if (facts.owner !== undefined && !isOwn) return { kind: "drop", reason: "connection_conflict" };
  // Offboarded while its customer was signing in: nobody is left to own the connection.
  if (session.customerId === facts.unknownCustomer) return { kind: "drop", reason: "customer_mismatch" };
  const to = isOwn ? facts.connection : undefined;
  if (to !== undefined && to.heldReason === null) {
    return { kind: "keep", customerId: session.customerId, to, held: null };
  }
  if (named !== session.customerId) {
    if (to !== undefined) return { kind: "keep", customerId: session.customerId, to, held: to.heldReason };
    return named === undefined || named === facts.unknownCustomer
      ? { kind: "drop", reason: "customer_mismatch" }
      : { kind: "keep", customerId: named, to: undefined, held: "customer_mismatch" };
  }
  // New to its customer, or held for it until now: its own session, and Finch names nobody else, so it comes into use.
  return { kind: "keep", customerId: session.customerId, to, held: facts.atLimit ? "connection_limit" : null };
};

/** True if the connection was not in use before and is with this token: it counts for the customer from now on. */
export const takesIntoUse = ({ to, held }: Keep): boolean =>
  held === null && (to === undefined || to.heldReason !== null);

/** How the session ends with it. What is held failed for the session's customer, who learns nothing of the other. */
export const endOfSession = (keep: Keep): SessionEnd => {
  if (keep.held === null) return { status: "completed", outcome: takesIntoUse(keep) ? "connected" : "known" };
  return { status: "failed", reason: keep.held === "customer_mismatch" ? "connection_conflict" : keep.held };
};

/** The connection as it stands after the token: a new one, or the one that gains it. */
export const connectionAfter = (keep: Keep, grant: TokenGrant, token: TokenRecord, now: Date): Connection => {
  const { to, held } = keep;
  // Finch has just signed this person in: whatever trouble the connection was in is to be looked at afresh.
  const status = held === null ? "connected" : "held";
  if (to !== undefined) {
    return {
      ...to,
      status,
      heldReason: held,
      entities: withEntities(to.entities, grant.entityIds),
      tokens: [...to.tokens, token],
      companyId: to.companyId ?? grant.companyId,
      updatedAt: now,
      version: to.version + 1,
    };
  }
  return {
    customerId: keep.customerId,
    connectionId: grant.connectionId,
    providerId: grant.providerId,
    status,
    heldReason: held,
    clientType: grant.clientType,
    connectionType: grant.connectionType,
    companyId: grant.companyId,
    entities: withEntities([], grant.entityIds),
    authenticationMethods: [],
    username: null,
    lastSuccessfulSync: null,
    tokens: [token],
    introspectedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
};
