import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { ConnectionStore } from "../connection/store-ports.ts";
import { onlyAfter } from "./connection-item.ts";
import { toEmployer } from "./employer-item.ts";
import { keys } from "./keys.ts";
import { failedCondition, type Table } from "./table.ts";

/** The write that sets what was read of a connection's employers, and nothing else. */
export const createKeepEmployers =
  (table: Table): ConnectionStore["keepEmployers"] =>
  async (connection, employers) => {
    const { customerId, connectionId, version } = connection;
    const { ConditionExpression, ExpressionAttributeValues } = onlyAfter(connection, version);
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.connection(customerId, connectionId),
          UpdateExpression: "SET employers = :employers",
          ConditionExpression,
          ExpressionAttributeValues: { ...ExpressionAttributeValues, ":employers": employers.map(toEmployer) },
        }),
      );
      return true;
    } catch (error) {
      if (failedCondition(error)) return false;
      throw error;
    }
  };
