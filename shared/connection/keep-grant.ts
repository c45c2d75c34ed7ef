/** Keeping a token, from Finch's grant to its item. It is long because the tries and what each leaves behind are read together. */
import { type Actor, entriesOf } from "./audit.ts";
import { hashOf } from "./capability.ts";
import {
  type Claimant,
  type ClaimDecision,
  connectionAfter,
  decideClaim,
  type Facts,
  type Keep,
  takesIntoUse,
} from "./claim-decision.ts";
import type { ConnectSession } from "./connect-session.ts";
import { type Connection, connectionStatus, type TokenRecord } from "./connection.ts";
import type { PerchEvent } from "./events.ts";
import { sessionFailureEvents } from "./fail-session.ts";
import type { TokenGrant } from "./finch-port.ts";
import type { ConnectionId, CustomerId, TokenId } from "./identifiers.ts";
import { keepTrying } from "./keep-trying.ts";
import type { Surroundings, TokenVault } from "./ports.ts";
import { destroyUnnamed, type Seal } from "./seal.ts";
import type { ClaimRefusal, ConnectionStore } from "./store-ports.ts";

export interface KeepGrantDependencies extends Surroundings {
  readonly connections: Pick<ConnectionStore, "claim" | "find">;
  readonly vault: Pick<TokenVault, "seal" | "destroy">;
  /** The `client_type` of the stage's Finch application. */
  readonly clientType: string;
}

/** How a grant is kept. */
export interface KeepGrantOptions {
  readonly claimant: Claimant;
  /** The session that ends with it, if there is one. */
  readonly session?: ConnectSession;
  /** What is known of it before; else the claim itself finds out. */
  readonly facts?: Partial<Facts>;
  /** Says no to a decision that would keep the token otherwise: then nothing is stored. */
  readonly mayKeep?: (keep: Keep) => boolean;
  /** Adds to the new connection what is known beside the grant. */
  readonly refine?: (connection: Connection, tokenId: TokenId) => Connection;
  readonly deadline: Date;
  /** Who has brought the token, where that was a caller of the API. */
  readonly by?: Actor;
}

/** What became of a grant. */
export type Kept =
  | {
      /** `stored_beside_session`: the session had ended otherwise, and stays as it is. */
      readonly how: "stored" | "stored_beside_session";
      readonly decision: Keep;
      readonly tokenId: TokenId;
      /** The connection as it is now. */
      readonly connection: Connection;
      readonly at: Date;
    }
  /** By an earlier try whose answer was lost, or another way in. */
  | { readonly how: "stored_before"; readonly decision: Keep; readonly tokenId: TokenId }
  | { readonly how: "not_kept"; readonly decision: ClaimDecision };

/**
 * Keeps a token, deciding again with each fact that a refused claim brings, until it is stored or to be dropped. What was
 * sealed on the way and did not come to be named is destroyed.
 */
export const keepGrant = async (
  deps: KeepGrantDependencies,
  grant: TokenGrant,
  options: KeepGrantOptions,
): Promise<Kept> => {
  const seals: Seal[] = [];
  const kept = await claimUntilKept(deps, grant, options, seals);
  await destroyUnnamed(deps.vault, seals, "tokenId" in kept ? kept.tokenId : undefined);
  return kept;
};

const claimUntilKept = async (
  deps: KeepGrantDependencies,
  grant: TokenGrant,
  {
    claimant,
    session,
    facts: before = {},
    mayKeep = () => true,
    refine = (same) => same,
    deadline,
    by,
  }: KeepGrantOptions,
  seals: Seal[],
): Promise<Kept> => {
  const fingerprint = hashOf(grant.accessToken.reveal());
  const { connectionId } = grant;
  let facts: Facts = { ...nothingKnown, ...before };
  // As it stands, while it is still to end: a sweep may have given it up, or another call begun it again.
  let ending = session;
  let seal: Seal | undefined;
  return keepTrying<Kept>(deps, deadline, async () => {
    const at = deps.now();
    const decision = decideClaim(claimant, grant, facts, deps.clientType);
    if (decision.kind === "drop" || !mayKeep(decision)) return { done: { how: "not_kept", decision } };
    const same = decision.to?.tokens.find((record) => record.fingerprint === fingerprint);
    if (same !== undefined) {
      return { done: { how: "stored_before", decision, tokenId: same.tokenId } };
    }
    const { customerId } = decision;
    if (seal?.customerId !== customerId) {
      // Under an id of its own each time: what a store keeps beside the table is named after it, once.
      const tokenId = deps.newId() as TokenId;
      const sealed = await deps.vault.seal(grant.accessToken, { customerId, connectionId }, tokenId);
      seal = { customerId, tokenId, sealed, unanswered: 0 };
      seals.push(seal);
    }
    const { tokenId, sealed } = seal;
    const { products, entityIds } = grant;
    const record: TokenRecord = {
      ...{ tokenId, fingerprint, products, entityIds },
      createdAt: at,
      status: "connected",
      invalidSince: null,
    };
    const connection = refine(connectionAfter(decision, grant, record, at), tokenId);
    seal.unanswered += 1;
    const brought = { ...{ customerId, connectionId, products, tokenId, at }, action: "connection_imported" } as const;
    const claimed = await deps.connections.claim({
      connection,
      token: { customerId, connectionId, record, sealed },
      incarnation: customerId === claimant.customerId ? claimant.incarnation : undefined,
      takesIntoUse: takesIntoUse(decision),
      ending: ending && { session: ending, end: decision.end },
      events: [...eventsOf(deps, ending, decision, connection, at), ...entriesOf(deps, by, brought)],
      now: at,
    });
    seal.unanswered -= 1;
    if (claimed.ok) {
      const how = session === undefined || ending !== undefined ? "stored" : "stored_beside_session";
      return { done: { how, decision, tokenId, connection, at } };
    }
    if (claimed.refusal.reason === "token_stored") return { done: { how: "stored_before", decision, tokenId } };
    if (claimed.refusal.reason === "session_changed") ending = endable(claimed.refusal.session);
    facts = await learn(deps, claimant.customerId, connectionId, facts, claimed.refusal);
    return "again";
  });
};

const nothingKnown: Facts = {
  owner: undefined,
  connection: undefined,
  unknownCustomer: undefined,
  deletingCustomer: undefined,
  atLimit: false,
};

/** The session, if it may still end with a token. */
const endable = (session: ConnectSession | undefined): ConnectSession | undefined =>
  session?.status === "exchanging" || session?.status === "failed" ? session : undefined;

const learn = async (
  deps: KeepGrantDependencies,
  customerId: CustomerId,
  connectionId: ConnectionId,
  facts: Facts,
  refusal: ClaimRefusal,
): Promise<Facts> => {
  switch (refusal.reason) {
    case "owned_elsewhere":
      return refusal.owner === customerId
        ? { ...facts, owner: refusal.owner, connection: await deps.connections.find(refusal.owner, connectionId) }
        : { ...facts, owner: refusal.owner, connection: undefined };
    case "connection_changed": {
      const owner = refusal.connection?.customerId;
      // Claimed for the customer that Finch names, who has it by now: to this claimant it is somebody else's.
      return { ...facts, owner, connection: owner === customerId ? refusal.connection : undefined };
    }
    case "customer_unknown":
      return { ...facts, unknownCustomer: refusal.customerId };
    case "customer_deleting":
      return { ...facts, deletingCustomer: refusal.customerId };
    case "connection_limit":
      return { ...facts, atLimit: true };
    case "session_changed":
    case "token_stored":
    case "contention":
      return facts;
  }
};

const eventsOf = (
  deps: Pick<Surroundings, "newId">,
  session: ConnectSession | undefined,
  keep: Keep,
  connection: Connection,
  now: Date,
): PerchEvent[] => {
  const { customerId, connectionId, providerId, version } = connection;
  const event: PerchEvent = {
    eventId: deps.newId(),
    time: now,
    type: typeOf(keep),
    customerId,
    subject: { kind: "connection", id: connectionId, version },
    detail: { provider_id: providerId, status: connectionStatus(connection), ...(keep.held && { reason: keep.held }) },
  };
  return session !== undefined && keep.end.status === "failed"
    ? [event, ...sessionFailureEvents(deps, session, keep.end.reason, connectionId, now)]
    : [event];
};

const typeOf = (keep: Keep) => {
  if (keep.held !== null) return "ConnectionHeld";
  if (keep.end.status === "completed" && keep.end.outcome === "reconnected") return "ConnectionReconnected";
  return keep.to === undefined || takesIntoUse(keep) ? "ConnectionCreated" : "ConnectionUpdated";
};
