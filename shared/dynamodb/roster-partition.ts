/** What all that reads or writes a customer's partition of rosters needs. */
import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { CustomerId } from "../connection/identifiers.ts";
import { isDeleting } from "./customer-store.ts";
import type { Item } from "./item.ts";
import { keys } from "./keys.ts";
import type { Action, Table } from "./table.ts";

/** An item by its key, read consistently. */
export const getItem = async (table: Table, key: Item): Promise<Item | undefined> => {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }));
  return Item;
};

/** Which items of a partition, and which of their attributes: all when left out. */
interface ListChoice {
  readonly begins?: string;
  readonly attributes?: string;
}

/** All items of a customer's, or those whose sort key begins so. */
export const listItems = async (
  table: Table,
  customerId: CustomerId,
  { begins, attributes }: ListChoice,
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for (let from: Item | undefined; ; ) {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        KeyConditionExpression: begins === undefined ? "pk = :pk" : "pk = :pk AND begins_with(sk, :begins)",
        ExpressionAttributeValues: {
          ":pk": keys.currentRosters(customerId).pk,
          ...(begins !== undefined && { ":begins": begins }),
        },
        ...(attributes !== undefined && { ProjectionExpression: attributes }),
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    items.push(...Items);
    from = LastEvaluatedKey;
    if (from === undefined) return items;
  }
};

/** The customer is there and is not being deleted. */
export const checkCustomer = (table: Table, customerId: CustomerId): Action => ({
  ConditionCheck: {
    TableName: table.name,
    Key: keys.customer(customerId),
    ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(deletion)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

/** Why that check failed; undefined where it did not. */
export const customerRefusal = (
  cancellation: { readonly failed: boolean; readonly item: Item | undefined } | undefined,
): "customer_deleting" | "customer_unknown" | undefined => {
  if (!cancellation?.failed) return undefined;
  return isDeleting(cancellation.item) ? "customer_deleting" : "customer_unknown";
};
