import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createRosterStore } from "#shared/dynamodb/roster-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  connections: createConnectionStore(table),
  rosters: createRosterStore(table),
});
