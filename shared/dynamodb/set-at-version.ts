import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Connection } from "../connection/connection.ts";
import { onlyAfter } from "./connection-item.ts";
import type { Item } from "./item.ts";
import { keys } from "./keys.ts";
import { failedCondition, type Table } from "./table.ts";

/**
 * Sets these attributes of a connection's item and nothing else, without another version of it, as long as it is at the
 * version that was read. False if it no longer is.
 *
 * @throws whatever else DynamoDB answers.
 */
export const setAtVersion = async (table: Table, connection: Connection, attributes: Item): Promise<boolean> => {
  const { customerId, connectionId, version } = connection;
  const { ConditionExpression, ExpressionAttributeValues } = onlyAfter(connection, version);
  const names = Object.keys(attributes);
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.connection(customerId, connectionId),
        UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(", ")}`,
        ConditionExpression,
        ExpressionAttributeValues: {
          ...ExpressionAttributeValues,
          ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
        },
      }),
    );
    return true;
  } catch (error) {
    if (failedCondition(error)) return false;
    throw error;
  }
};
