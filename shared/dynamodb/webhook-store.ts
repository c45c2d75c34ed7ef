import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { ConnectionId } from "../connection/identifiers.ts";
import { mostParkedInAnHour, type SettledHint, type WebhookStore } from "../connection/webhook-ports.ts";
import { keys } from "./keys.ts";
import { type Action, failedCondition, type Table, transactPatiently } from "./table.ts";

const hourSeconds = 3_600;
const daySeconds = 24 * hourSeconds;

/** As long as Finch tries to deliver an event, and two days for what is resent by hand. */
const seenSeconds = 3 * daySeconds;

const ttlAfter = (now: Date, seconds: number): number => Math.floor(now.getTime() / 1_000) + seconds;

/** What is remembered of webhooks, in the table. */
export const createWebhookStore = (table: Table): WebhookStore => ({
  async hasSeen(finchEventId) {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.webhook(finchEventId), ConsistentRead: true }),
    );
    return Item !== undefined;
  },

  async park(connectionId, now, most = mostParkedInAnHour) {
    if (await parkAgain(table, connectionId, now)) return "parked";
    const actions = [countInHour(table, now, most), putParked(table, connectionId, now)];
    const cancelled = await transactPatiently(table, actions);
    if (cancelled === undefined) return "parked";
    // Somebody else has parked it meanwhile: Finch tells of each entity of a new connection at once.
    if (cancelled[1]?.failed && (await parkAgain(table, connectionId, now))) return "parked";
    if (cancelled[0]?.failed) return "full";
    // And it was looked at meanwhile, so that it is parked no more. The message comes again.
    throw new Error("a parked connection was found at once");
  },
});

/** The actions that settle a hint, for the transaction of its effect. */
export const settleHint = (table: Table, connectionId: ConnectionId, settled: SettledHint): Action[] => {
  const { finchEventId, unparks, now } = settled;
  return [
    ...(finchEventId === undefined ? [] : [markSeen(table, finchEventId, now)]),
    ...(unparks ? [{ Delete: { TableName: table.name, Key: keys.parked(connectionId) } }] : []),
  ];
};

/** Without a condition: to be marked twice is to be marked. */
const markSeen = (table: Table, finchEventId: string, now: Date): Action => ({
  Put: {
    TableName: table.name,
    Item: {
      ...keys.webhook(finchEventId),
      finch_event_id: finchEventId,
      seen_at: now.toISOString(),
      ttl: ttlAfter(now, seenSeconds),
    },
  },
});

/** Counts one more telling of a connection that is parked; false if it is not. */
const parkAgain = async (table: Table, connectionId: ConnectionId, now: Date): Promise<boolean> => {
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.parked(connectionId),
        UpdateExpression: "SET last_seen_at = :now, #count = #count + :one, #ttl = :ttl",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeNames: { "#count": "count", "#ttl": "ttl" },
        ExpressionAttributeValues: { ":now": now.toISOString(), ":one": 1, ":ttl": ttlAfter(now, daySeconds) },
      }),
    );
    return true;
  } catch (error) {
    if (failedCondition(error)) return false;
    throw error;
  }
};

const putParked = (table: Table, connectionId: ConnectionId, now: Date): Action => ({
  Put: {
    TableName: table.name,
    Item: {
      ...keys.parked(connectionId),
      connection_id: connectionId,
      first_seen_at: now.toISOString(),
      last_seen_at: now.toISOString(),
      count: 1,
      ttl: ttlAfter(now, daySeconds),
    },
    ConditionExpression: "attribute_not_exists(pk)",
  },
});

const countInHour = (table: Table, now: Date, most: number): Action => {
  const hour = now.toISOString().slice(0, "2026-03-01T09".length);
  return {
    Update: {
      TableName: table.name,
      Key: keys.parkedInHour(hour),
      UpdateExpression: "SET #hour = :hour, #ttl = :ttl ADD #count :one",
      ConditionExpression: "attribute_not_exists(pk) OR #count < :most",
      ExpressionAttributeNames: { "#count": "count", "#hour": "hour", "#ttl": "ttl" },
      ExpressionAttributeValues: { ":hour": hour, ":one": 1, ":most": most, ":ttl": ttlAfter(now, daySeconds) },
    },
  };
};
