import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createFinch } from "#shared/finch/finch.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createFinchCredentials } from "#shared/secrets-manager/finch-credentials.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment(
  ...(["TABLE_NAME", "FINCH_URL", "FINCH_SECRET_ARN", "FINCH_CLIENT_TYPE", "PUBLIC_URL"] as const),
);
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  sessions: createSessionStore(table),
  connections: createConnectionStore(table),
  vault: openTokenVault(),
  finch: createFinch({
    send: createSendToFinch(env.FINCH_URL),
    credentials: createFinchCredentials(new SecretsManagerClient(), env.FINCH_SECRET_ARN, surroundings.now),
  }),
  clientType: env.FINCH_CLIENT_TYPE,
  redirectUri: `${env.PUBLIC_URL}/connect/callback`,
});
