import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment, readList } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createAuditRecorder } from "#shared/dynamodb/audit-recorder.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createPageSessionStore } from "#shared/dynamodb/page-session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "PUBLIC_URL", "RETURN_ORIGINS", "PAGE_LANGUAGES");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  customers: createCustomerStore(table),
  audit: createAuditRecorder(table),
  pages: createPageSessionStore(table),
  publicUrl: env.PUBLIC_URL,
  returnOrigins: readList(env.RETURN_ORIGINS),
  languages: readList(env.PAGE_LANGUAGES),
});
