import type { ConnectionId, CustomerId, SessionId, TokenId } from "../connection/identifiers.ts";

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
  event: (eventId: string) => ({ pk: `OUTBOX#${eventId}`, sk: "EVENT" }),
} as const;

/** The local secondary index of a customer's connections by the time they were made. */
export const listedIndex = "listed";

const dueShards = 8;

/**
 * The key of the `due` index for something that falls due: spread over shards by its id, so that no partition is hot and
 * a sweep reads each shard from its oldest item on.
 */
export const due = (work: "EXCHANGING" | "EVENT", id: string, at: Date) => {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % dueShards;
  return { due_shard: `${work}#${sum}`, due_at: at.toISOString() };
};
