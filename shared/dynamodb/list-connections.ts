import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Connection } from "../connection/connection.ts";
import type { CustomerId } from "../connection/identifiers.ts";
import type { ConnectionStore, Page, PagePosition } from "../connection/store-ports.ts";
import { fromConnectionItem } from "./connection-item.ts";
import { type Item, readItem } from "./item.ts";
import { keys, listedIndex } from "./keys.ts";
import type { Table } from "./table.ts";

/** Lists a customer's connections, the newest first; see the port. */
export const createListConnections =
  (table: Table): ConnectionStore["list"] =>
  async (customerId, { limit, from, status, providerId }) => {
    const filters = [
      ...(status === undefined ? [] : ["#status = :status"]),
      ...(providerId === undefined ? [] : ["provider_id = :provider_id"]),
    ];
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: listedIndex,
        ConsistentRead: true,
        ScanIndexForward: false,
        KeyConditionExpression: "pk = :pk",
        ...(filters.length > 0 && { FilterExpression: filters.join(" AND ") }),
        ...(status !== undefined && { ExpressionAttributeNames: { "#status": "status" } }),
        ExpressionAttributeValues: {
          ":pk": keys.customer(customerId).pk,
          ...(status !== undefined && { ":status": status }),
          ...(providerId !== undefined && { ":provider_id": providerId }),
        },
        // One more than asked tells whether there is a next page; a filter may skip, within bounds.
        Limit: filters.length > 0 ? limit * 4 : limit + 1,
        ...(from && { ExclusiveStartKey: startKey(customerId, from) }),
      }),
    );
    return toPage(Items.map(fromConnectionItem), limit, LastEvaluatedKey);
  };

const startKey = (customerId: CustomerId, { listedAt, connectionId }: PagePosition) => ({
  ...keys.connection(customerId, connectionId),
  listed_at: listedAt,
});

const toPage = (found: readonly Connection[], limit: number, lastKey: Item | undefined): Page<Connection> => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length > limit && last !== undefined) {
    return { items, next: { listedAt: last.createdAt.toISOString(), connectionId: last.connectionId } };
  }
  if (lastKey === undefined) return { items, next: undefined };
  const read = readItem(lastKey);
  const connectionId = read.text("sk").slice("CONNECTION#".length) as PagePosition["connectionId"];
  return { items, next: { listedAt: read.text("listed_at"), connectionId } };
};
