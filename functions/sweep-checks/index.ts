import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createCheckPauseStore } from "#shared/dynamodb/check-pause-store.ts";
import { createDueStore } from "#shared/dynamodb/due-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createInvokeTryConnections } from "#shared/lambda/invoke-try-connections.ts";
import { createNudgeChecks } from "#shared/sqs/check-messages.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "TRY_CONNECTIONS_FUNCTION_NAME", "CHECK_QUEUE_URL", "CHECKS_PER_RUN");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  due: createDueStore(table),
  pauses: createCheckPauseStore(table),
  tryConnections: createInvokeTryConnections(new LambdaClient({ maxAttempts: 1 }), env.TRY_CONNECTIONS_FUNCTION_NAME),
  nudgeChecks: createNudgeChecks(new SQSClient(), env.CHECK_QUEUE_URL),
  checksPerRun: Number(env.CHECKS_PER_RUN),
});
