import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { DueStore } from "../connection/due-ports.ts";
import { type ConnectionId, type CustomerId, parseDeletionId, parseSessionId } from "../connection/identifiers.ts";
import { readItem } from "./item.ts";
import { dueIndex, dueShards, type Work } from "./keys.ts";
import type { Table } from "./table.ts";

const perShard = 25;

/** What has fallen due, oldest first within each shard of the `due` index. */
export const createDueStore = (table: Table): DueStore => {
  const list = async (work: Work, before: Date, limitPerShard = perShard) => {
    const pages = await Promise.all(
      dueShards(work).map((shard) =>
        table.client.send(
          new QueryCommand({
            TableName: table.name,
            IndexName: dueIndex,
            KeyConditionExpression: "due_shard = :shard AND due_at <= :before",
            ExpressionAttributeValues: { ":shard": shard, ":before": before.toISOString() },
            Limit: limitPerShard,
          }),
        ),
      ),
    );
    return pages.flatMap(({ Items = [] }) =>
      Items.map((item) => {
        const read = readItem(item);
        return { pk: afterHash(read.text("pk")), sk: afterHash(read.text("sk")), dueAt: read.date("due_at") };
      }),
    );
  };

  return {
    exchanges: async (before) =>
      (await list("EXCHANGING", before)).flatMap(({ pk }) => {
        const sessionId = parseSessionId(pk);
        return sessionId === undefined ? [] : [sessionId];
      }),
    disconnects: async (before) =>
      (await list("DISCONNECTING", before)).map(({ pk, sk }) => ({
        customerId: pk as CustomerId,
        connectionId: sk as ConnectionId,
      })),
    deletions: async (before) =>
      (await list("DELETING", before)).flatMap(({ pk }) => {
        const deletionId = parseDeletionId(pk);
        return deletionId === undefined ? [] : [deletionId];
      }),
    events: async (before) => (await list("EVENT", before)).map(({ pk }) => pk),
    checks: async (before, limit) =>
      // Shards are alike: what one has too much of, the next call brings.
      (await list("CHECK", before, Math.ceil(limit / dueShards("CHECK").length)))
        .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
        .slice(0, limit)
        .map(({ pk, sk, dueAt }) => ({ customerId: pk as CustomerId, connectionId: sk as ConnectionId, dueAt })),
  };
};

const afterHash = (key: string): string => key.slice(key.indexOf("#") + 1);
