import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment, readHours } from "#shared/aws/environment.ts";
import { lazyClient } from "#shared/aws/lazy-client.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { openPace, openWayToFinch } from "#shared/aws/way-to-finch.ts";
import { markPossibleDuplicates } from "#shared/connection/possible-duplicates.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createEmployerMarks } from "#shared/dynamodb/employer-marks.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createWebhookStore } from "#shared/dynamodb/webhook-store.ts";
import { followLook } from "#shared/employer/follow-look.ts";
import { introspectWith } from "#shared/finch/finch.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { readCheckMessage } from "#shared/sqs/check-messages.ts";
import { createNudgeEmployerReads } from "#shared/sqs/employer-messages.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment(
  "TABLE_NAME",
  "TOKEN_KEY_ARN",
  "FINCH_URL",
  "FINCH_SHARE",
  "CHECK_INTERVAL_HOURS",
  "EMPLOYER_QUEUE_URL",
);
const table = openTable(env.TABLE_NAME, new DynamoDBClient());
const connections = createConnectionStore(table);

export const handler = createHandler({
  ...surroundings,
  log,
  readMessage: readCheckMessage,
  connections,
  afterLook: followLook({
    ...surroundings,
    mark: markPossibleDuplicates({ ...surroundings, connections, marks: createEmployerMarks(table) }),
    nudgeEmployerReads: createNudgeEmployerReads(
      lazyClient(() => new SQSClient()),
      env.EMPLOYER_QUEUE_URL,
    ),
  }),
  vault: openTokenVault(env),
  finch: { introspect: introspectWith(createSendToFinch(openWayToFinch(env, openPace(env, table, "background")))) },
  checkIntervalMs: readHours(env.CHECK_INTERVAL_HOURS),
  webhooks: createWebhookStore(table),
});
