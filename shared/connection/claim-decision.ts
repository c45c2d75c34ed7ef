import type { ConnectSession, SessionEnd, SessionFailure } from "./connect-session.ts";
import {
  type Connection,
  type Entity,
  firstVersion,
  type HeldReason,
  isInUse,
  type TokenRecord,
  withEntities,
} from "./connection.ts";
import type { TokenGrant } from "./finch-port.ts";
import { type CustomerId, parseCustomerId } from "./identifiers.ts";

/** For whom a token is to be kept: a Connect session's customer, or the one that a token is imported for. */
export type Claimant = Pick<ConnectSession, "customerId" | "incarnation" | "reauthenticates" | "requireAcceptance">;

/** What has been learnt so far of the connection that Finch named; each refused claim adds to it. */
export interface Facts {
  readonly owner: CustomerId | undefined;
  /** The connection as the claimant's customer has it. */
  readonly connection: Connection | undefined;
  /** Perch has no customer of this id (any more). */
  readonly unknownCustomer: CustomerId | undefined;
  /** This customer is being deleted. */
  readonly deletingCustomer: CustomerId | undefined;
  /** The claimant's customer is in mode `single` and owns a connection. */
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
  readonly held: HeldReason | null;
  /** The connection is one too many: stored, and disconnected at Finch until that is confirmed. */
  readonly oneTooMany: boolean;
  /** How the session ends with it. */
  readonly end: SessionEnd;
}

/** Finch's tokens are some 40 characters; a longer one than this is refused rather than cut or split. */
const longestTokenBytes = 4096;

/**
 * Decides what becomes of a token that Finch issued: the first rule that fits. Pure: the claim that follows conditions on
 * every fact used here, and comes back with the right one where a fact was wrong.
 */
export const decideClaim = (
  claimant: Claimant,
  grant: TokenGrant,
  facts: Facts,
  stageClientType: string,
): ClaimDecision => {
  const { customerId } = claimant;
  if (grant.clientType !== stageClientType) return { kind: "drop", reason: "wrong_client_type" };
  if (Buffer.byteLength(grant.accessToken.reveal()) > longestTokenBytes) {
    return { kind: "drop", reason: "token_too_large" };
  }
  if (facts.owner !== undefined && facts.owner !== customerId) return { kind: "drop", reason: "connection_conflict" };
  // Offboarded while its customer was signing in: nobody is left to own the connection.
  if (facts.unknownCustomer === customerId) return { kind: "drop", reason: "customer_mismatch" };
  if (facts.deletingCustomer === customerId) return { kind: "drop", reason: "customer_deleting" };
  const named = grant.customerId === null ? customerId : parseCustomerId(grant.customerId);
  if (facts.connection !== undefined) return decideForOwn(claimant, grant, facts.connection, named, facts.atLimit);
  const create = { kind: "keep", customerId, to: undefined, held: null, oneTooMany: false } as const;
  if (named !== customerId) {
    return named === undefined || named === facts.unknownCustomer || named === facts.deletingCustomer
      ? { kind: "drop", reason: "customer_mismatch" }
      : { ...create, customerId: named, held: "customer_mismatch", end: failed("connection_conflict") };
  }
  if (claimant.reauthenticates !== null) return { ...create, held: "wrong_account", end: failed("wrong_account") };
  if (facts.atLimit) return { ...create, oneTooMany: true, end: failed("connection_limit") };
  if (claimant.requireAcceptance) return { ...create, held: "acceptance_required", end: completed("pending") };
  return { ...create, end: completed("connected") };
};

/** One more token of a connection that the customer has, in use or not. */
const decideForOwn = (
  { customerId, reauthenticates, requireAcceptance }: Claimant,
  grant: TokenGrant,
  to: Connection,
  named: CustomerId | undefined,
  atLimit: boolean,
): Keep => {
  const add = { kind: "keep", customerId, to, held: to.heldReason, oneTooMany: false } as const;
  // The driver needs every token it can get to end it; the customer is told to connect anew.
  if (to.disconnect !== null) return { ...add, end: failed("connection_disconnecting") };
  if (reauthenticates !== null && reauthenticates !== grant.connectionId) {
    return { ...add, end: failed("wrong_account") };
  }
  if (to.heldReason === null) return { ...add, end: completed(reauthenticates === null ? "known" : "reconnected") };
  if (named !== customerId) return { ...add, end: failed("connection_conflict") };
  if (requireAcceptance || to.heldReason === "acceptance_required") return { ...add, end: completed("pending") };
  // Held until now, but this is its customer's own session and Finch names nobody else: it comes into use.
  if (atLimit) return { ...add, end: failed("connection_limit") };
  return { ...add, held: null, end: completed("connected") };
};

const completed = (outcome: Extract<SessionEnd, { status: "completed" }>["outcome"]): SessionEnd => ({
  status: "completed",
  outcome,
});
const failed = (reason: SessionFailure): SessionEnd => ({ status: "failed", reason });

/** True if the connection was not in use before and is with this token: it counts for the customer from now on. */
export const takesIntoUse = ({ to, held, oneTooMany }: Keep): boolean =>
  held === null && !oneTooMany && (to === undefined || (to.disconnect === null && !isInUse(to)));

/** An entity of which nothing is known since the new sign-in. */
const afresh = (entity: Entity): Entity => ({ ...entity, status: null });

/** The connection as it stands after the token: a new one, or the one that gains it. */
export const connectionAfter = (keep: Keep, grant: TokenGrant, token: TokenRecord, now: Date): Connection => {
  const { to, held } = keep;
  if (to !== undefined) {
    return {
      ...to,
      // Finch has just signed this person in: whatever trouble the connection was in is to be looked at afresh.
      finchStatus: "connected",
      heldReason: held,
      entities: withEntities(to.entities.map(afresh), grant.entityIds),
      tokens: [...to.tokens, token],
      companyId: to.companyId ?? grant.companyId,
      nextCheckAt: now,
      updatedAt: now,
      version: to.version + 1,
    };
  }
  return {
    customerId: keep.customerId,
    connectionId: grant.connectionId,
    providerId: grant.providerId,
    finchStatus: "connected",
    heldReason: held,
    disconnect: keep.oneTooMany
      ? { reason: "connection_limit", requestedAt: now, attempts: 0, nextAttemptAt: now }
      : null,
    entityDisconnects: [],
    possibleDuplicates: [],
    keptDuplicates: [],
    employers: [],
    label: null,
    metadata: {},
    clientType: grant.clientType,
    connectionType: grant.connectionType,
    companyId: grant.companyId,
    entities: withEntities([], grant.entityIds),
    authenticationMethods: [],
    username: null,
    lastSuccessfulSync: null,
    tokens: [token],
    introspectedAt: null,
    nextCheckAt: now,
    createdAt: now,
    updatedAt: now,
    version: firstVersion(now),
  };
};
