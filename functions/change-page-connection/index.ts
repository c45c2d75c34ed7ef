import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { lazyClient } from "#shared/aws/lazy-client.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createAuditRecorder } from "#shared/dynamodb/audit-recorder.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createEmployerMarks } from "#shared/dynamodb/employer-marks.ts";
import { createPageSessionStore } from "#shared/dynamodb/page-session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { enterPage } from "#shared/page/enter-page.ts";
import { createNudgeChecks } from "#shared/sqs/check-messages.ts";
import { createNudgeDisconnects } from "#shared/sqs/nudge-disconnect.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "PUBLIC_URL", "DISCONNECT_QUEUE_URL", "CHECK_QUEUE_URL");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());
const sqs = lazyClient(() => new SQSClient());

export const handler = createHandler({
  ...surroundings,
  log,
  audit: createAuditRecorder(table),
  connections: createConnectionStore(table),
  marks: createEmployerMarks(table),
  nudgeDisconnects: createNudgeDisconnects(sqs, env.DISCONNECT_QUEUE_URL),
  nudgeChecks: createNudgeChecks(sqs, env.CHECK_QUEUE_URL),
  enter: enterPage({
    ...surroundings,
    customers: createCustomerStore(table),
    pages: createPageSessionStore(table),
  }),
  publicUrl: env.PUBLIC_URL,
});
