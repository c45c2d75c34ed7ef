import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment } from "#shared/aws/environment.ts";
import { openPages } from "#shared/aws/rosters.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createListConnections } from "#shared/dynamodb/list-connections.ts";
import { createRosterStore } from "#shared/dynamodb/roster-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "ROSTER_BUCKET", "ROSTER_KEY_ARN", "ROSTER_SSN");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  ...openPages(env),
  log,
  connections: { list: createListConnections(table) },
  rosters: createRosterStore(table),
  asksForSsn: env.ROSTER_SSN === "on",
});
