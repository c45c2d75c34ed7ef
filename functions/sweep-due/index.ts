import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createDueStore } from "#shared/dynamodb/due-store.ts";
import { createOutbox } from "#shared/dynamodb/outbox.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createPutOntoBus } from "#shared/eventbridge/put-onto-bus.ts";
import { createNudgeDeletions } from "#shared/sqs/nudge-deletion.ts";
import { createNudgeDisconnects } from "#shared/sqs/nudge-disconnect.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "BUS_NAME", "DISCONNECT_QUEUE_URL", "DELETION_QUEUE_URL");
const sqs = new SQSClient();
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  due: createDueStore(table),
  sessions: createSessionStore(table),
  outbox: createOutbox(table),
  putOntoBus: createPutOntoBus(new EventBridgeClient(), env.BUS_NAME),
  nudgeDisconnects: createNudgeDisconnects(sqs, env.DISCONNECT_QUEUE_URL),
  nudgeDeletions: createNudgeDeletions(sqs, env.DELETION_QUEUE_URL),
});
