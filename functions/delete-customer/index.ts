import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createDeletionStore } from "#shared/dynamodb/deletion-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createNudgeDeletions } from "#shared/sqs/nudge-deletion.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "DELETION_QUEUE_URL");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  customers: createCustomerStore(table),
  deletions: createDeletionStore(table),
  nudgeDeletions: createNudgeDeletions(new SQSClient(), env.DELETION_QUEUE_URL),
});
