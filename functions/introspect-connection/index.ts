import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment, readHours } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { openPace, openWayToFinch } from "#shared/aws/way-to-finch.ts";
import { createAuditRecorder } from "#shared/dynamodb/audit-recorder.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createEmployerMarks } from "#shared/dynamodb/employer-marks.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { introspectWith } from "#shared/finch/finch.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "TOKEN_KEY_ARN", "FINCH_URL", "FINCH_SHARE", "CHECK_INTERVAL_HOURS");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  connections: createConnectionStore(table),
  marks: createEmployerMarks(table),
  audit: createAuditRecorder(table),
  vault: openTokenVault(env),
  checkIntervalMs: readHours(env.CHECK_INTERVAL_HOURS),
  finch: { introspect: introspectWith(createSendToFinch(openWayToFinch(env, openPace(env, table, "interactive")))) },
});
