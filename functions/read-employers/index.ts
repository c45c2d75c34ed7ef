import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { openPace, openWayToFinch } from "#shared/aws/way-to-finch.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { readCompanyWith } from "#shared/finch/company.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createNudgeChecks } from "#shared/sqs/check-messages.ts";
import { createNudgeEmployerReads, readEmployerMessage } from "#shared/sqs/employer-messages.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment(
  "TABLE_NAME",
  "TOKEN_KEY_ARN",
  "FINCH_URL",
  "FINCH_SHARE",
  "CHECK_QUEUE_URL",
  "EMPLOYER_QUEUE_URL",
);
const table = openTable(env.TABLE_NAME, new DynamoDBClient());
/** Two of these run at a time, so that few wait and those in their turn. */
const patienceMs = 10_000;
const sqs = new SQSClient();

export const handler = createHandler({
  ...surroundings,
  log,
  readMessage: readEmployerMessage,
  connections: createConnectionStore(table),
  vault: openTokenVault(env),
  readCompany: readCompanyWith(createSendToFinch(openWayToFinch(env, openPace(env, table, "background", patienceMs)))),
  nudgeChecks: createNudgeChecks(sqs, env.CHECK_QUEUE_URL),
  nudgeEmployerReads: createNudgeEmployerReads(sqs, env.EMPLOYER_QUEUE_URL),
});
