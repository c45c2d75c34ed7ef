import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { createAuditRecorder } from "#shared/dynamodb/audit-recorder.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createFindNewestTokens } from "#shared/dynamodb/newest-tokens.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "TOKEN_KEY_ARN");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  connections: createConnectionStore(table),
  findNewestTokens: createFindNewestTokens(table),
  vault: openTokenVault(env),
  audit: createAuditRecorder(table),
});
