import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type ConnectionId, type CustomerId, parseSessionId } from "../connection/identifiers.ts";
import type { DueStore } from "../connection/store-ports.ts";
import { readItem } from "./item.ts";
import { dueIndex, dueShards, type Work } from "./keys.ts";
import type { Table } from "./table.ts";

const perShard = 25;

/** What has fallen due, oldest first within each shard of the `due` index. */
export const createDueStore = (table: Table): DueStore => {
  const list = async (work: Work, before: Date) => {
    const pages = await Promise.all(
      dueShards(work).map((shard) =>
        table.client.send(
          new QueryCommand({
            TableName: table.name,
            IndexName: dueIndex,
            KeyConditionExpression: "due_shard = :shard AND due_at <= :before",
            ExpressionAttributeValues: { ":shard": shard, ":before": before.toISOString() },
            Limit: perShard,
          }),
        ),
      ),
    );
    return pages.flatMap(({ Items = [] }) =>
      Items.map((item) => ({ pk: afterHash(readItem(item).text("pk")), sk: afterHash(readItem(item).text("sk")) })),
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
    events: async (before) => (await list("EVENT", before)).map(({ pk }) => pk),
  };
};

const afterHash = (key: string): string => key.slice(key.indexOf("#") + 1);
