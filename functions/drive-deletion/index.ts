import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { openBucket } from "#shared/aws/rosters.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createDeletionStore } from "#shared/dynamodb/deletion-store.ts";
import { createRosterEraser } from "#shared/dynamodb/roster-eraser.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createErasePages } from "#shared/s3/erase-pages.ts";
import { createNudgeDeletions, readDeletionNudge } from "#shared/sqs/nudge-deletion.ts";
import { createNudgeDisconnects } from "#shared/sqs/nudge-disconnect.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "DISCONNECT_QUEUE_URL", "DELETION_QUEUE_URL", "ROSTER_BUCKET");
const sqs = new SQSClient();
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  readMessage: readDeletionNudge,
  deletions: createDeletionStore(table),
  sessions: createSessionStore(table),
  connections: createConnectionStore(table),
  rosters: createRosterEraser(table, createErasePages(openBucket(env))),
  nudgeDisconnects: createNudgeDisconnects(sqs, env.DISCONNECT_QUEUE_URL),
  nudgeDeletions: createNudgeDeletions(sqs, env.DELETION_QUEUE_URL),
});
