import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Customer } from "../connection/customer.ts";
import type { CustomerId } from "../connection/identifiers.ts";
import type { CustomerStore } from "../connection/ports.ts";
import { ok, refuse } from "../result.ts";
import { type Item, readItem } from "./item.ts";
import { keys } from "./keys.ts";
import { failedCondition, type Table } from "./table.ts";

/** Customers in the table. */
export const createCustomerStore = (table: Table): CustomerStore => ({
  async put({ customerId, name, email, mode, metadata }, { incarnation, defaultMode, now }) {
    const wanted = mode ?? null;
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.customer(customerId),
          UpdateExpression: `SET customer_id = :customer_id, #name = :name, email = :email, metadata = :metadata,
            #mode = ${wanted === null ? "if_not_exists(#mode, :default_mode)" : ":mode"},
            incarnation = if_not_exists(incarnation, :incarnation),
            connection_count = if_not_exists(connection_count, :zero),
            created_at = if_not_exists(created_at, :now), updated_at = :now`,
          ...(wanted === "single" && {
            ConditionExpression: "attribute_not_exists(pk) OR connection_count <= :one",
          }),
          ExpressionAttributeNames: { "#name": "name", "#mode": "mode" },
          ExpressionAttributeValues: {
            ":customer_id": customerId,
            ":name": name,
            ":email": email,
            ":metadata": metadata,
            ...(wanted === null ? { ":default_mode": defaultMode } : { ":mode": wanted }),
            ":incarnation": incarnation,
            ":zero": 0,
            ...(wanted === "single" && { ":one": 1 }),
            ":now": now.toISOString(),
          },
          ReturnValues: "ALL_NEW",
        }),
      );
      const customer = fromCustomerItem(Attributes ?? {});
      return ok({ customer, created: customer.incarnation === incarnation });
    } catch (error) {
      if (failedCondition(error)) return refuse("connection_limit");
      throw error;
    }
  },

  async find(customerId) {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.customer(customerId), ConsistentRead: true }),
    );
    return Item && fromCustomerItem(Item);
  },
});

const fromCustomerItem = (item: Item): Customer => {
  const read = readItem(item);
  return {
    customerId: read.text("customer_id") as CustomerId,
    name: read.text("name"),
    email: read.textOrNull("email"),
    mode: read.choice("mode", ["single", "multiple"]),
    metadata: Object.fromEntries(Object.entries(read.map("metadata")).map(([key, value]) => [key, String(value)])),
    incarnation: read.text("incarnation"),
    connectionCount: read.number("connection_count"),
    createdAt: read.date("created_at"),
    updatedAt: read.date("updated_at"),
  };
};
