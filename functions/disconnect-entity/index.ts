import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createNudgeDisconnects } from "#shared/sqs/nudge-disconnect.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "DISCONNECT_QUEUE_URL");

export const handler = createHandler({
  ...surroundings,
  log,
  connections: createConnectionStore(openTable(env.TABLE_NAME, new DynamoDBClient())),
  nudgeDisconnects: createNudgeDisconnects(new SQSClient(), env.DISCONNECT_QUEUE_URL),
});
