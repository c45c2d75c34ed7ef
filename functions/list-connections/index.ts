import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log } from "#shared/aws/surroundings.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createListConnections } from "#shared/dynamodb/list-connections.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  log,
  customers: createCustomerStore(table),
  connections: { list: createListConnections(table) },
});
