import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment, readList } from "#shared/aws/environment.ts";
import { openFinch } from "#shared/aws/finch.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openPace, openWayToFinch } from "#shared/aws/way-to-finch.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment(
  "TABLE_NAME",
  "FINCH_URL",
  "FINCH_SHARE",
  "FINCH_SECRET_ARN",
  "PUBLIC_URL",
  "RETURN_ORIGINS",
);
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  customers: createCustomerStore(table),
  sessions: createSessionStore(table),
  finch: openFinch(env, openWayToFinch(env, openPace(env, table, "interactive"))),
  publicUrl: env.PUBLIC_URL,
  redirectUri: `${env.PUBLIC_URL}/connect/callback`,
  returnOrigins: readList(env.RETURN_ORIGINS),
});
