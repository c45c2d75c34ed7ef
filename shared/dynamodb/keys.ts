import type { BudgetName } from "../budget/budget.ts";
import { hashOf } from "../connection/capability.ts";
import type {
  ConnectionId,
  CustomerId,
  DeletionId,
  PageSessionId,
  SessionId,
  TokenId,
} from "../connection/identifiers.ts";
import type { RosterId } from "../roster/roster.ts";

/**
 * Every key of the table, spelt here and nowhere else. The word before `#` is the kind of the item: a function's role
 * names the kinds that it may touch (`dynamodb:LeadingKeys`). One variable part per attribute, or parts that cannot hold
 * a `#`, so that no two things share a key.
 */
export const keys = {
  customer: (customerId: CustomerId) => ({ pk: `CUSTOMER#${customerId}`, sk: "CUSTOMER" }),
  connection: (customerId: CustomerId, connectionId: ConnectionId) => ({
    pk: `CUSTOMER#${customerId}`,
    sk: `CONNECTION#${connectionId}`,
  }),
  owner: (connectionId: ConnectionId) => ({ pk: `OWNER#${connectionId}`, sk: "OWNER" }),
  token: (customerId: CustomerId, connectionId: ConnectionId, tokenId: TokenId) => ({
    pk: `TOKENS#${customerId}`,
    sk: `CONNECTION#${connectionId}#TOKEN#${tokenId}`,
  }),
  session: (sessionId: SessionId) => ({ pk: `SESSION#${sessionId}`, sk: "SESSION" }),
  budget: (name: BudgetName) => ({ pk: `BUDGET#${name}`, sk: "BUDGET" }),
  checkPause: () => ({ pk: "SWEEP#checks", sk: "SWEEP" }),
  /** Finds a customer's sessions consistently, which the index `ledger` does not. */
  customerSession: (customerId: CustomerId, sessionId: SessionId) => ({
    pk: `SESSIONS#${customerId}`,
    sk: `SESSION#${sessionId}`,
  }),
  pageSession: (pageSessionId: PageSessionId) => ({ pk: `PAGE#${pageSessionId}`, sk: "PAGE" }),
  deletion: (deletionId: DeletionId) => ({ pk: `DELETION#${deletionId}`, sk: "DELETION" }),
  deletionLine: (deletionId: DeletionId, connectionId: ConnectionId) => ({
    pk: `DELETION#${deletionId}`,
    sk: `CONNECTION#${connectionId}`,
  }),
  /** Who used which token; an ISO time holds no `#`. */
  audit: (customerId: CustomerId, at: string, auditId: string) => ({
    pk: `AUDIT#${customerId}`,
    sk: `${at}#${auditId}`,
  }),
  currentRosters: (customerId: CustomerId) => ({ pk: `ROSTERS#${customerId}`, sk: "CURRENT" }),
  roster: (customerId: CustomerId, rosterId: RosterId) => ({
    pk: `ROSTERS#${customerId}`,
    sk: `ROSTER#${rosterId}`,
  }),
  /** One connection's part of a roster. */
  rosterRead: (customerId: CustomerId, rosterId: RosterId, connectionId: ConnectionId) => ({
    pk: `ROSTERS#${customerId}`,
    sk: `READ#${rosterId}#${connectionId}`,
  }),
  /** By a hash of both individuals, whose ids are Finch's and may have any character. */
  matchDecision: (customerId: CustomerId, pairHash: string) => ({
    pk: `ROSTERS#${customerId}`,
    sk: `DECISION#${pairHash}`,
  }),
  event: (eventId: string) => ({ pk: `OUTBOX#${eventId}`, sk: "EVENT" }),
  webhook: (finchEventId: string) => ({ pk: `WEBHOOK#${finchEventId}`, sk: "WEBHOOK" }),
  parked: (connectionId: ConnectionId) => ({ pk: `PARKED#${connectionId}`, sk: "PARKED" }),
  parkedInHour: (hour: string) => ({ pk: `PARKINGS#${hour}`, sk: "PARKINGS" }),
  // The hash bounds what Finch and providers may name; it holds no `#`, so that the provider's name may.
  company: (providerId: string, companyId: string, customerId: CustomerId, connectionId: ConnectionId) => ({
    pk: `COMPANY#${providerId}#${hashOf(companyId)}`,
    sk: `${customerId}#${connectionId}`,
  }),
  source: (providerId: string, sourceId: string, customerId: CustomerId, connectionId: ConnectionId) => ({
    pk: `SOURCE#${providerId}#${hashOf(sourceId)}`,
    sk: `${customerId}#${connectionId}`,
  }),
} as const;

/** The local secondary index of a customer's connections by the time they were made. */
export const listedIndex = "listed";

/** The local secondary index's counterpart for lists that go beyond one partition key: sessions and customers. */
export const ledgerIndex = "ledger";

/** The index of what falls due. */
export const dueIndex = "due";

/**
 * Kinds of work that fall due: exchanges to give up, events to publish, disconnects and deletions to drive, connections to
 * look at.
 */
export type Work = "EXCHANGING" | "EVENT" | "DISCONNECTING" | "DELETING" | "CHECK";

const shards = 8;

/**
 * The key of the `due` index for something that falls due: spread over shards by its id, so that no partition is hot and
 * a sweep reads each shard from its oldest item on.
 */
export const due = (work: Work, id: string, at: Date) => ({
  due_shard: `${work}#${shardOf(id)}`,
  due_at: at.toISOString(),
});

/** The shards of a kind of work. */
export const dueShards = (work: Work): string[] => shardNumbers.map((shard) => `${work}#${shard}`);

/** The key of the `ledger` index: a customer's sessions, or one shard of all customers; by time and id, which is unique. */
export const ledger = {
  session: (customerId: CustomerId, createdAt: string, sessionId: SessionId) => ({
    ledger: `SESSIONS#${customerId}`,
    ledger_at: `${createdAt}#${sessionId}`,
  }),
  customer: (createdAt: string, customerId: CustomerId) => ({
    ledger: `CUSTOMERS#${shardOf(customerId)}`,
    ledger_at: `${createdAt}#${customerId}`,
  }),
  customerShards: () => shardNumbers.map((shard) => `CUSTOMERS#${shard}`),
} as const;

const shardNumbers = Array.from({ length: shards }, (_, shard) => shard);

const shardOf = (id: string): number => {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % shards;
  return sum;
};
