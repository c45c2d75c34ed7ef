import { connectionAfter, decideClaim, endOfSession, type Facts, type Keep, takesIntoUse } from "./claim-decision.ts";
import { type ConnectSession, endSession } from "./connect-session.ts";
import type { Connection, TokenRecord } from "./connection.ts";
import type { PerchEvent } from "./events.ts";
import { type FailSessionDependencies, failSession, failureEvents } from "./fail-session.ts";
import type { ConnectionId, CustomerId, TokenId } from "./identifiers.ts";
import { keepTrying } from "./keep-trying.ts";
import type { ClaimRefusal, ConnectionStore, Surroundings, TokenGrant, TokenVault } from "./ports.ts";

export interface StoreGrantDependencies extends FailSessionDependencies {
  readonly connections: Pick<ConnectionStore, "claim" | "find">;
  readonly vault: Pick<TokenVault, "seal">;
  /** The `client_type` of the stage's Finch application. */
  readonly clientType: string;
}

/** Stores the token, deciding again with each fact that a refused claim brings, until it is stored or to be dropped. */
export const storeGrant = async (
  deps: StoreGrantDependencies,
  session: ConnectSession,
  grant: TokenGrant,
  deadline: Date,
): Promise<ConnectSession> => {
  const token: TokenRecord = {
    tokenId: deps.newId() as TokenId,
    products: grant.products,
    entityIds: grant.entityIds,
    createdAt: deps.now(),
    invalidSince: null,
  };
  let facts: Facts = { owner: undefined, connection: undefined, unknownCustomer: undefined, atLimit: false };
  let endsSession = true;
  let sealed: { readonly customerId: CustomerId; readonly ciphertext: Uint8Array } | undefined;
  return keepTrying(deps, deadline, async () => {
    const decision = decideClaim(session, grant, facts, deps.clientType);
    if (decision.kind === "drop") {
      return { done: await failSession(deps, session, decision.reason, grant.connectionId, deadline) };
    }
    const { customerId } = decision;
    const { connectionId } = grant;
    if (sealed?.customerId !== customerId) {
      sealed = { customerId, ciphertext: await deps.vault.seal(grant.accessToken, { customerId, connectionId }) };
    }
    const now = deps.now();
    const connection = connectionAfter(decision, grant, token, now);
    const end = endOfSession(decision);
    const claimed = await deps.connections.claim({
      connection,
      token: { customerId, connectionId, record: token, ciphertext: sealed.ciphertext },
      incarnation: customerId === session.customerId ? session.incarnation : undefined,
      takesIntoUse: takesIntoUse(decision),
      ending: endsSession ? { session, end } : undefined,
      events: eventsOf(deps, session, decision, connection, now),
      now,
    });
    if (claimed.ok || claimed.refusal.reason === "token_stored") {
      return { done: endSession(session, end, { connectionId, tokenId: token.tokenId }, now) };
    }
    if (claimed.refusal.reason === "session_ended") endsSession = false;
    facts = await learn(deps, session, connectionId, facts, claimed.refusal);
    return "again";
  });
};

const learn = async (
  deps: StoreGrantDependencies,
  session: ConnectSession,
  connectionId: ConnectionId,
  facts: Facts,
  refusal: ClaimRefusal,
): Promise<Facts> => {
  switch (refusal.reason) {
    case "owned_elsewhere":
      return refusal.owner === session.customerId
        ? { ...facts, owner: refusal.owner, connection: await deps.connections.find(refusal.owner, connectionId) }
        : { ...facts, owner: refusal.owner, connection: undefined };
    case "connection_changed": {
      const owner = refusal.connection?.customerId;
      // Claimed for the customer that Finch names, who has it by now: to this session it is somebody else's.
      return { ...facts, owner, connection: owner === session.customerId ? refusal.connection : undefined };
    }
    case "customer_unknown":
      return { ...facts, unknownCustomer: refusal.customerId };
    case "connection_limit":
      return { ...facts, atLimit: true };
    case "session_ended":
    case "token_stored":
    case "contention":
      return facts;
  }
};

const eventsOf = (
  { newId }: Pick<Surroundings, "newId">,
  session: ConnectSession,
  keep: Keep,
  connection: Connection,
  now: Date,
): PerchEvent[] => {
  const { customerId, connectionId, providerId, status, version } = connection;
  const type =
    keep.held !== null ? "ConnectionHeld" : takesIntoUse(keep) ? "ConnectionCreated" : ("ConnectionUpdated" as const);
  const event: PerchEvent = {
    eventId: newId(),
    time: now,
    type,
    customerId,
    subject: { kind: "connection", id: connectionId, version },
    detail: { provider_id: providerId, status, ...(keep.held && { reason: keep.held }) },
  };
  const end = endOfSession(keep);
  return end.status === "failed" ? [event, ...failureEvents({ newId }, session, end.reason, null, now)] : [event];
};
