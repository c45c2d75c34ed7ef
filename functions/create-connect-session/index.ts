import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createFinch } from "#shared/finch/finch.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createFinchCredentials } from "#shared/secrets-manager/finch-credentials.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "FINCH_URL", "FINCH_SECRET_ARN", "PUBLIC_URL", "RETURN_ORIGINS");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  customers: createCustomerStore(table),
  sessions: createSessionStore(table),
  finch: createFinch({
    send: createSendToFinch(env.FINCH_URL),
    credentials: createFinchCredentials(new SecretsManagerClient(), env.FINCH_SECRET_ARN, surroundings.now),
  }),
  publicUrl: env.PUBLIC_URL,
  redirectUri: `${env.PUBLIC_URL}/connect/callback`,
  returnOrigins: env.RETURN_ORIGINS.split(",").filter((origin) => origin !== ""),
});
