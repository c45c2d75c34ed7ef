import { GetCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { CustomerDeletion, DeletionStore } from "../connection/customer-deletion.ts";
import type { CustomerId, DeletionId, SessionId } from "../connection/identifiers.ts";
import { fromDeletionItem, fromLineItem, receiptTtl, toDeletionItem, toPosition } from "./deletion-item.ts";
import { type Item, readItem } from "./item.ts";
import { due, keys } from "./keys.ts";
import { putEvents } from "./outbox.ts";
import { type Action, failedCondition, type Table, transact, transactPatiently } from "./table.ts";
import { putTraces } from "./traces.ts";
import { cancellation, updateSession } from "./update-session.ts";

/** Deletions of customers, their receipts, and what a deletion finds sessions by. */
export const createDeletionStore = (table: Table): DeletionStore => ({
  async begin({ customerId, incarnation }, deletion, traces = []) {
    const { deletionId, requestedAt } = deletion;
    const cancelled = await transactPatiently(table, [
      {
        Update: {
          TableName: table.name,
          Key: keys.customer(customerId),
          UpdateExpression: "SET deletion = :deletion",
          ConditionExpression: "incarnation = :incarnation AND attribute_not_exists(deletion)",
          ExpressionAttributeValues: {
            ":deletion": { deletion_id: deletionId, requested_at: requestedAt.toISOString() },
            ":incarnation": incarnation,
          },
        },
      },
      {
        Put: {
          TableName: table.name,
          Item: toDeletionItem(deletion),
          ConditionExpression: "attribute_not_exists(pk)",
        },
      },
      ...putTraces(table, traces),
    ]);
    return cancelled === undefined;
  },

  async find(deletionId) {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.deletion(deletionId), ConsistentRead: true }),
    );
    return Item && fromDeletionItem(Item);
  },

  async lines(deletionId, limit) {
    const { items } = await queryLines(table, deletionId, undefined, limit);
    return items.map(fromLineItem);
  },

  async count(deletionId) {
    let connections = 0;
    let tokens = 0;
    for (let from: Item | undefined; ; ) {
      const page = await queryLines(table, deletionId, from);
      for (const line of page.items.map(fromLineItem)) {
        connections += 1;
        tokens += line.tokensDestroyed;
      }
      from = page.next;
      if (from === undefined) return { connections, tokens };
    }
  },

  async sessions(customerId, limit) {
    const { Items = [] } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": keys.customerSession(customerId, "" as SessionId).pk },
        Limit: limit,
      }),
    );
    return Items.map((item) => readItem(item).text("session_id") as SessionId);
  },

  async cancelSession(sessionId, now) {
    await updateSession(table, sessionId, cancellation(now));
  },

  async eraseSessions({ deletionId, customerId }, sessions) {
    const cancelled = await transact(table, [
      {
        Update: {
          TableName: table.name,
          Key: keys.deletion(deletionId),
          UpdateExpression: "ADD sessions_erased :erased, tokens_lost :lost",
          ConditionExpression: goesOn,
          ExpressionAttributeValues: {
            ":erased": sessions.length,
            ":lost": sessions.filter(({ lost }) => lost).length,
          },
        },
      },
      ...sessions.flatMap(({ sessionId }) => eraseSession(table, customerId, sessionId)),
    ]);
    return cancelled === undefined;
  },

  async postpone({ deletionId }, { nextStepAt, attempts, connectionsFrom }) {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.deletion(deletionId),
          UpdateExpression: `SET next_step_at = :next, due_at = :next, attempts = :attempts,
            connections_from = :connections_from`,
          ConditionExpression: goesOn,
          ExpressionAttributeValues: {
            ":next": due("DELETING", deletionId, nextStepAt).due_at,
            ":attempts": attempts,
            ":connections_from": connectionsFrom && toPosition(connectionsFrom),
          },
        }),
      );
      return true;
    } catch (error) {
      if (failedCondition(error)) return false;
      throw error;
    }
  },

  async complete(deletion, { ended, now, event }) {
    const cancelled = await transact(table, [
      eraseCustomer(table, deletion),
      {
        Update: {
          TableName: table.name,
          Key: keys.deletion(deletion.deletionId),
          UpdateExpression: `SET completed_at = :now, connections_disconnected = :connections,
            tokens_destroyed = :tokens, #ttl = :ttl REMOVE due_shard, due_at`,
          ConditionExpression: goesOn,
          ExpressionAttributeNames: { "#ttl": "ttl" },
          ExpressionAttributeValues: {
            ":now": now.toISOString(),
            ":connections": ended.connections,
            ":tokens": ended.tokens,
            ":ttl": receiptTtl(now),
          },
        },
      },
      ...putEvents(table, [event]),
    ]);
    return cancelled === undefined;
  },
});

/** A deletion is due as long as it goes on. */
const goesOn = "attribute_exists(due_shard)";

/** What leads to the session goes with it, once: a session that is exchanging brings a token, and is waited for. */
const eraseSession = (table: Table, customerId: CustomerId, sessionId: SessionId): Action[] => [
  {
    Delete: {
      TableName: table.name,
      Key: keys.session(sessionId),
      ConditionExpression: "attribute_not_exists(pk) OR #status <> :exchanging",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":exchanging": "exchanging" },
    },
  },
  {
    Delete: {
      TableName: table.name,
      Key: keys.customerSession(customerId, sessionId),
      ConditionExpression: "attribute_exists(pk)",
    },
  },
];

/** The record goes only in the life that is deleted, under this deletion's mark, and with nothing that counts left. */
const eraseCustomer = (table: Table, { customerId, incarnation, deletionId }: CustomerDeletion): Action => ({
  Delete: {
    TableName: table.name,
    Key: keys.customer(customerId),
    ConditionExpression:
      "incarnation = :incarnation AND deletion.deletion_id = :deletion_id AND connection_count = :zero",
    ExpressionAttributeValues: { ":incarnation": incarnation, ":deletion_id": deletionId, ":zero": 0 },
  },
});

const queryLines = async (table: Table, deletionId: DeletionId, from?: Item, limit?: number) => {
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      ConsistentRead: true,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :lines)",
      ExpressionAttributeValues: { ":pk": keys.deletion(deletionId).pk, ":lines": "CONNECTION#" },
      ...(limit !== undefined && { Limit: limit }),
      ...(from && { ExclusiveStartKey: from }),
    }),
  );
  return { items: Items, next: LastEvaluatedKey };
};
