import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createDueStore } from "#shared/dynamodb/due-store.ts";
import { createOutbox } from "#shared/dynamodb/outbox.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createPutOntoBus } from "#shared/eventbridge/put-onto-bus.ts";
import { disconnectWith } from "#shared/finch/finch.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { createCustomerHash } from "#shared/secrets-manager/customer-hash.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "BUS_NAME", "TOKEN_KEY_ARN", "FINCH_URL", "HASH_KEY_ARN");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  due: createDueStore(table),
  sessions: createSessionStore(table),
  connections: createConnectionStore(table),
  outbox: createOutbox(table),
  putOntoBus: createPutOntoBus(new EventBridgeClient(), env.BUS_NAME),
  vault: createTokenVault(new KMSClient(), env.TOKEN_KEY_ARN),
  finch: { disconnect: disconnectWith(createSendToFinch(env.FINCH_URL)) },
  customerHash: createCustomerHash(new SecretsManagerClient(), env.HASH_KEY_ARN),
});
