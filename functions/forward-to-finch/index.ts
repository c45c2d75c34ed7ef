import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { lazyClient } from "#shared/aws/lazy-client.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { openPace, openWayToFinch } from "#shared/aws/way-to-finch.ts";
import { createAuditRecorder } from "#shared/dynamodb/audit-recorder.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createFindNewestTokens } from "#shared/dynamodb/newest-tokens.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createForwardToFinch } from "#shared/finch/forward.ts";
import { createNudgeChecks } from "#shared/sqs/check-messages.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment(
  "TABLE_NAME",
  "TOKEN_KEY_ARN",
  "FINCH_URL",
  "FINCH_SHARE",
  "FORWARD_RULES",
  "CHECK_QUEUE_URL",
);
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  connections: createConnectionStore(table),
  findNewestTokens: createFindNewestTokens(table),
  vault: openTokenVault(env),
  audit: createAuditRecorder(table),
  forward: createForwardToFinch(openWayToFinch(env, openPace(env, table, "interactive")), surroundings.now),
  nudgeChecks: createNudgeChecks(
    lazyClient(() => new SQSClient()),
    env.CHECK_QUEUE_URL,
  ),
  rules: env.FORWARD_RULES.split(",").filter((rule) => rule !== ""),
});
