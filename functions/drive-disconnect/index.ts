import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { openPace, openWayToFinch } from "#shared/aws/way-to-finch.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createEmployerMarks } from "#shared/dynamodb/employer-marks.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { disconnectEntitiesWith, disconnectWith, introspectWith } from "#shared/finch/finch.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createCustomerHash } from "#shared/secrets-manager/customer-hash.ts";
import { createNudgeChecks } from "#shared/sqs/check-messages.ts";
import { readNudge } from "#shared/sqs/nudge-disconnect.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment(
  "TABLE_NAME",
  "TOKEN_KEY_ARN",
  "FINCH_URL",
  "FINCH_SHARE",
  "HASH_KEY_ARN",
  "CHECK_QUEUE_URL",
);
const table = openTable(env.TABLE_NAME, new DynamoDBClient());
const send = createSendToFinch(openWayToFinch(env, openPace(env, table, "background")));

export const handler = createHandler({
  ...surroundings,
  log,
  readMessage: readNudge,
  connections: createConnectionStore(table),
  marks: createEmployerMarks(table),
  vault: openTokenVault(env),
  nudgeChecks: createNudgeChecks(new SQSClient(), env.CHECK_QUEUE_URL),
  finch: {
    disconnect: disconnectWith(send),
    disconnectEntities: disconnectEntitiesWith(send),
    introspect: introspectWith(send),
  },
  customerHash: createCustomerHash(new SecretsManagerClient(), env.HASH_KEY_ARN),
});
