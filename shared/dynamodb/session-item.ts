import type { ConnectSession, Exchange, Opening } from "../connection/connect-session.ts";
import type { ConnectionId, CustomerId, SessionId, TokenId } from "../connection/identifiers.ts";
import { type Item, readItem } from "./item.ts";
import { keys, ledger } from "./keys.ts";

/** How long a session stays readable after its end. */
const keptAfterEndMs = 90 * 24 * 3_600_000;

/** When DynamoDB may delete a session that ends at this time, in seconds since 1970. */
export const sessionTtl = (endsAt: Date): number => Math.ceil((endsAt.getTime() + keptAfterEndMs) / 1000);

/** The session as an item. */
export const toSessionItem = (session: ConnectSession): Item => ({
  ...keys.session(session.sessionId),
  ...ledger.session(session.customerId, session.createdAt.toISOString(), session.sessionId),
  session_id: session.sessionId,
  customer_id: session.customerId,
  incarnation: session.incarnation,
  status: session.status,
  mode: session.mode,
  products: session.products,
  integration: session.integration && {
    provider: session.integration.provider,
    auth_method: session.integration.authMethod,
  },
  reauthenticates: session.reauthenticates,
  require_acceptance: session.requireAcceptance,
  return_url: session.returnUrl,
  ticket_hash: session.ticketHash,
  finch_connect_url: session.finchConnectUrl,
  openings: toOpenings(session.openings),
  exchange: session.exchange && toExchange(session.exchange),
  outcome: session.outcome,
  failure_reason: session.failureReason,
  connection_id: session.connectionId,
  token_id: session.tokenId,
  created_at: session.createdAt.toISOString(),
  expires_at: session.expiresAt.toISOString(),
  ended_at: session.endedAt?.toISOString() ?? null,
  version: session.version,
  ttl: sessionTtl(session.endedAt ?? session.expiresAt),
});

/**
 * What leads from a customer to its session, read consistently. It stays as long as the session may, whose own end comes at
 * most an exchange's life after `expiresAt`.
 */
export const toCustomerSessionItem = ({ customerId, sessionId, expiresAt }: ConnectSession): Item => ({
  ...keys.customerSession(customerId, sessionId),
  session_id: sessionId,
  ttl: sessionTtl(new Date(expiresAt.getTime() + 24 * 3_600_000)),
});

/** Openings as a map by the hash of their `state`, so that a condition can name one. */
export const toOpenings = (openings: readonly Opening[]): Item =>
  Object.fromEntries(
    openings.map(({ stateHash, holderHash, openedAt }) => [
      stateHash,
      { holder_hash: holderHash, opened_at: openedAt.toISOString() },
    ]),
  );

/** The exchange as a map. */
export const toExchange = (exchange: Exchange): Item => ({
  state_hash: exchange.stateHash,
  holder_hash: exchange.holderHash,
  code_hash: exchange.codeHash,
  attempt: exchange.attempt,
  lease_until: exchange.leaseUntil.toISOString(),
});

/** The item as a session. @throws TypeError if it is malformed. */
export const fromSessionItem = (item: Item): ConnectSession => {
  const read = readItem(item);
  const integration = read.mapOrNull("integration");
  const exchange = read.mapOrNull("exchange");
  const orNull = <const Choice extends string>(name: string, choices: readonly Choice[]) =>
    item[name] === null ? null : read.choice(name, choices);
  return {
    sessionId: read.text("session_id") as SessionId,
    customerId: read.text("customer_id") as CustomerId,
    incarnation: read.text("incarnation"),
    status: read.choice("status", ["open", "exchanging", "completed", "failed", "cancelled"]),
    mode: read.choice("mode", ["redirect", "embedded"]),
    products: read.texts("products"),
    integration: integration && {
      provider: readItem(integration).text("provider"),
      authMethod: readItem(integration).textOrNull("auth_method"),
    },
    reauthenticates: read.textOrNull("reauthenticates") as ConnectionId | null,
    requireAcceptance: read.flag("require_acceptance"),
    returnUrl: read.textOrNull("return_url"),
    ticketHash: read.text("ticket_hash"),
    finchConnectUrl: read.text("finch_connect_url"),
    openings: Object.entries(read.map("openings"))
      .map(([stateHash, opening]) => fromOpening(stateHash, opening as Item))
      .toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime()),
    exchange: exchange && fromExchange(exchange),
    outcome: orNull("outcome", ["connected", "known", "reconnected", "pending"]),
    failureReason: orNull("failure_reason", [
      "connection_conflict",
      "customer_mismatch",
      "customer_deleting",
      "connection_limit",
      "connection_disconnecting",
      "wrong_account",
      "invalid_grant",
      "token_lost",
      "wrong_client_type",
      "token_too_large",
      "finch_refused",
    ]),
    connectionId: read.textOrNull("connection_id") as ConnectionId | null,
    tokenId: read.textOrNull("token_id") as TokenId | null,
    createdAt: read.date("created_at"),
    expiresAt: read.date("expires_at"),
    endedAt: read.dateOrNull("ended_at"),
    version: read.number("version"),
  };
};

const fromOpening = (stateHash: string, item: Item): Opening => {
  const read = readItem(item);
  return { stateHash, holderHash: read.text("holder_hash"), openedAt: read.date("opened_at") };
};

const fromExchange = (item: Item): Exchange => {
  const read = readItem(item);
  return {
    stateHash: read.text("state_hash"),
    holderHash: read.text("holder_hash"),
    codeHash: read.text("code_hash"),
    attempt: read.number("attempt"),
    leaseUntil: read.date("lease_until"),
  };
};
