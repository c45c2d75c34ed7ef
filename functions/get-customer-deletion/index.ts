import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log } from "#shared/aws/surroundings.ts";
import { createDeletionStore } from "#shared/dynamodb/deletion-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME");

export const handler = createHandler({
  log,
  deletions: createDeletionStore(openTable(env.TABLE_NAME, new DynamoDBClient())),
});
