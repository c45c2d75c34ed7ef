import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment } from "#shared/aws/environment.ts";
import { openPages } from "#shared/aws/rosters.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createRosterStore } from "#shared/dynamodb/roster-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "ROSTER_BUCKET", "ROSTER_KEY_ARN");

export const handler = createHandler({
  now: surroundings.now,
  log,
  rosters: createRosterStore(openTable(env.TABLE_NAME, new DynamoDBClient())),
  pages: openPages(env).pages,
});
