import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { disconnectWith } from "#shared/finch/finch.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createCustomerHash } from "#shared/secrets-manager/customer-hash.ts";
import { readNudge } from "#shared/sqs/nudge-disconnect.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "TOKEN_KEY_ARN", "FINCH_URL", "HASH_KEY_ARN");

export const handler = createHandler({
  ...surroundings,
  log,
  readMessage: readNudge,
  connections: createConnectionStore(openTable(env.TABLE_NAME, new DynamoDBClient())),
  vault: openTokenVault(env),
  finch: { disconnect: disconnectWith(createSendToFinch(env.FINCH_URL)) },
  customerHash: createCustomerHash(new SecretsManagerClient(), env.HASH_KEY_ARN),
});
