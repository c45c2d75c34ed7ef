import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment } from "#shared/aws/environment.ts";
import { openFinch } from "#shared/aws/finch.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { openPace, openWayToFinch } from "#shared/aws/way-to-finch.ts";
import { createLeaveAhead } from "#shared/budget/leave-ahead.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment(
  ...([
    "TABLE_NAME",
    "TOKEN_KEY_ARN",
    "FINCH_URL",
    "FINCH_SHARE",
    "FINCH_SECRET_ARN",
    "FINCH_CLIENT_TYPE",
    "PUBLIC_URL",
  ] as const),
);
const table = openTable(env.TABLE_NAME, new DynamoDBClient());
// A code is not given up for a budget: it waits as long as there is time to send it.
const pace = openPace(env, table, "exchange", Number.POSITIVE_INFINITY);
const leave = createLeaveAhead(pace.askForLeave, surroundings.now);

export const handler = createHandler({
  ...surroundings,
  log,
  sessions: createSessionStore(table),
  connections: createConnectionStore(table),
  vault: openTokenVault(env),
  finch: openFinch(env, openWayToFinch(env, { ...pace, askForLeave: leave.askForLeave })),
  leave,
  clientType: env.FINCH_CLIENT_TYPE,
  redirectUri: `${env.PUBLIC_URL}/connect/callback`,
});
