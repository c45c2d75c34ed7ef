import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { ConnectionStore } from "../connection/store-ports.ts";
import { dueOf, onlyAfter } from "./connection-item.ts";
import { keys } from "./keys.ts";
import { failedCondition, type Table } from "./table.ts";

/** The write that sets when a connection is looked at next. What is due first stays so: a disconnect comes before a look. */
export const createPostpone =
  (table: Table): ConnectionStore["postpone"] =>
  async (connection, nextCheckAt) => {
    const { customerId, connectionId, version } = connection;
    const { due_shard, due_at } = dueOf({ ...connection, nextCheckAt });
    const { ConditionExpression, ExpressionAttributeValues } = onlyAfter(connection, version);
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.connection(customerId, connectionId),
          UpdateExpression: "SET next_check_at = :next, due_shard = :due_shard, due_at = :due_at",
          ConditionExpression,
          ExpressionAttributeValues: {
            ...ExpressionAttributeValues,
            ":next": nextCheckAt.toISOString(),
            ":due_shard": due_shard,
            ":due_at": due_at,
          },
        }),
      );
      return true;
    } catch (error) {
      if (failedCondition(error)) return false;
      throw error;
    }
  };
