import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createRosterStore } from "#shared/dynamodb/roster-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME");

export const handler = createHandler({
  now: surroundings.now,
  log,
  rosters: createRosterStore(openTable(env.TABLE_NAME, new DynamoDBClient())),
});
