import { GetCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Customer } from "../connection/customer.ts";
import type { CustomerId, DeletionId } from "../connection/identifiers.ts";
import type { CustomerStore } from "../connection/store-ports.ts";
import { ok, refuse } from "../result.ts";
import { type Item, readItem, writeTextMap } from "./item.ts";
import { keys, ledger, ledgerIndex } from "./keys.ts";
import { type Action, failedCondition, type Table } from "./table.ts";

/** Customers in the table. */
export const createCustomerStore = (table: Table): CustomerStore => ({
  async put({ customerId, name, email, mode, metadata }, { incarnation, defaultMode, now }) {
    const wanted = mode ?? null;
    const entry = ledger.customer(now.toISOString(), customerId);
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.customer(customerId),
          UpdateExpression: `SET customer_id = :customer_id, #name = :name, email = :email, metadata = :metadata,
            #mode = ${wanted === null ? "if_not_exists(#mode, :default_mode)" : ":mode"},
            incarnation = if_not_exists(incarnation, :incarnation),
            connection_count = if_not_exists(connection_count, :zero),
            created_at = if_not_exists(created_at, :now), updated_at = :now,
            ledger = if_not_exists(ledger, :ledger), ledger_at = if_not_exists(ledger_at, :ledger_at)`,
          ConditionExpression: `attribute_not_exists(deletion)${
            wanted === "single" ? " AND (attribute_not_exists(pk) OR connection_count <= :one)" : ""
          }`,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          ExpressionAttributeNames: { "#name": "name", "#mode": "mode" },
          ExpressionAttributeValues: {
            ":customer_id": customerId,
            ":name": name,
            ":email": email,
            ":metadata": writeTextMap(metadata),
            ...(wanted === null ? { ":default_mode": defaultMode } : { ":mode": wanted }),
            ":incarnation": incarnation,
            ":zero": 0,
            ...(wanted === "single" && { ":one": 1 }),
            ":now": now.toISOString(),
            ":ledger": entry.ledger,
            ":ledger_at": entry.ledger_at,
          },
          ReturnValues: "ALL_NEW",
        }),
      );
      const customer = fromCustomerItem(Attributes ?? {});
      return ok({ customer, created: customer.incarnation === incarnation });
    } catch (error) {
      const failed = failedCondition(error);
      if (failed === undefined) throw error;
      return refuse(isDeleting(failed.item) ? "customer_deleting" : "connection_limit");
    }
  },

  async find(customerId) {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.customer(customerId), ConsistentRead: true }),
    );
    return Item && fromCustomerItem(Item);
  },

  async list({ limit, from }) {
    // Each shard gives its newest; together they hold the newest of all.
    const pages = await Promise.all(
      ledger.customerShards().map((shard) =>
        table.client.send(
          new QueryCommand({
            TableName: table.name,
            IndexName: ledgerIndex,
            ScanIndexForward: false,
            KeyConditionExpression: `ledger = :ledger${from === undefined ? "" : " AND ledger_at < :from"}`,
            ExpressionAttributeValues: {
              ":ledger": shard,
              ...(from && { ":from": ledger.customer(from.createdAt, from.customerId).ledger_at }),
            },
            Limit: limit + 1,
          }),
        ),
      ),
    );
    const found = pages.map(({ Items = [], LastEvaluatedKey }) => ({
      items: Items.map((item) => ({ at: readItem(item).text("ledger_at"), item })),
      hasMore: LastEvaluatedKey !== undefined,
    }));
    // DynamoDB ends an answer at 1 MB, however few items that is. What such a shard has not given is older than its last
    // one: up to there, and no further, the newest of all are known.
    const cut = found.filter(({ hasMore }) => hasMore).flatMap(({ items }) => items.at(-1)?.at ?? []);
    const newestFirst = found
      .flatMap(({ items }) => items)
      .filter(({ at }) => cut.every((end) => at >= end))
      .toSorted((a, b) => (a.at < b.at ? 1 : -1));
    const items = newestFirst.slice(0, limit).map(({ item }) => fromCustomerItem(item));
    const last = items.at(-1);
    const next =
      (newestFirst.length > limit || cut.length > 0) && last !== undefined
        ? { createdAt: last.createdAt.toISOString(), customerId: last.customerId }
        : undefined;
    return { items, next };
  },
});

/** The condition that the customer is of this life, and not on its way out. Refused, it gives the record as it is. */
export const checkCustomer = (table: Table, customerId: CustomerId, incarnation: string): Action => ({
  ConditionCheck: {
    TableName: table.name,
    Key: keys.customer(customerId),
    ConditionExpression: "incarnation = :incarnation AND attribute_not_exists(deletion)",
    ExpressionAttributeValues: { ":incarnation": incarnation },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

/** Whether a customer's record says that it is being deleted. */
export const isDeleting = (item: Item | undefined): boolean => item?.["deletion"] !== undefined;

const fromCustomerItem = (item: Item): Customer => {
  const read = readItem(item);
  const deletion = read.mapOrNull("deletion");
  return {
    customerId: read.text("customer_id") as CustomerId,
    name: read.text("name"),
    email: read.textOrNull("email"),
    mode: read.choice("mode", ["single", "multiple"]),
    metadata: read.textMap("metadata"),
    incarnation: read.text("incarnation"),
    connectionCount: read.number("connection_count"),
    createdAt: read.date("created_at"),
    updatedAt: read.date("updated_at"),
    deletion: deletion && {
      deletionId: readItem(deletion).text("deletion_id") as DeletionId,
      requestedAt: readItem(deletion).date("requested_at"),
    },
  };
};
