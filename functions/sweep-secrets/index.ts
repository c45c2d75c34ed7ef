import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createSecretInventory } from "#shared/secrets-manager/secret-inventory.ts";
import { tokenSecretsUnder } from "#shared/secrets-manager/token-secrets.ts";
import { createContinueSweep } from "#shared/sqs/continue-sweep.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "TOKEN_SECRET_PREFIX", "SWEEP_SECRETS", "SWEEP_SECRETS_QUEUE_URL");

export const handler = createHandler({
  ...surroundings,
  log,
  isOn: env.SWEEP_SECRETS === "on",
  inventory: createSecretInventory(new SecretsManagerClient(), tokenSecretsUnder(env.TOKEN_SECRET_PREFIX)),
  connections: createConnectionStore(openTable(env.TABLE_NAME, new DynamoDBClient())),
  continueSweep: createContinueSweep(new SQSClient(), env.SWEEP_SECRETS_QUEUE_URL),
});
