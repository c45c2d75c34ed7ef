import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { readReauthenticationReport } from "#shared/eventbridge/reauthentication-report.ts";
import { createBuryMessage } from "#shared/sqs/bury-message.ts";
import { createNudgeChecks } from "#shared/sqs/check-messages.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "CHECK_QUEUE_URL", "REFUSED_REPORTS_URL");
const sqs = new SQSClient();

export const handler = createHandler({
  ...surroundings,
  log,
  readMessage: readReauthenticationReport,
  bury: createBuryMessage(sqs, env.REFUSED_REPORTS_URL),
  connections: createConnectionStore(openTable(env.TABLE_NAME, new DynamoDBClient())),
  nudgeChecks: createNudgeChecks(sqs, env.CHECK_QUEUE_URL),
});
