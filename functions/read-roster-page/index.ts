import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { openPages } from "#shared/aws/rosters.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { openPace, openWayToFinch } from "#shared/aws/way-to-finch.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createRosterStore } from "#shared/dynamodb/roster-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createPeople } from "#shared/finch/people.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createNudgeChecks } from "#shared/sqs/check-messages.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment(
  ...(["TABLE_NAME", "TOKEN_KEY_ARN", "FINCH_URL", "FINCH_SHARE", "CHECK_QUEUE_URL", "ROSTER_BUCKET"] as const),
  ...(["ROSTER_KEY_ARN", "ROSTER_PAGE_SIZE", "ROSTER_WAIT_SECONDS"] as const),
);
const table = openTable(env.TABLE_NAME, new DynamoDBClient());
/** A page's requests follow each other: a turn that comes soon is waited for. */
const patienceMs = 10_000;
/** Ten thousand people of some 5 KB each. */
const longestAnswerBytes = 64 * 1_048_576;

export const handler = createHandler({
  ...surroundings,
  ...openPages(env),
  log,
  connections: createConnectionStore(table),
  rosters: createRosterStore(table),
  vault: openTokenVault(env),
  people: createPeople(
    createSendToFinch(openWayToFinch(env, openPace(env, table, "background", patienceMs)), longestAnswerBytes),
  ),
  nudgeChecks: createNudgeChecks(new SQSClient(), env.CHECK_QUEUE_URL),
  pageSize: Number(env.ROSTER_PAGE_SIZE),
  firstWaitSeconds: Number(env.ROSTER_WAIT_SECONDS),
});
