import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createAuditRecorder } from "#shared/dynamodb/audit-recorder.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createPageSessionStore } from "#shared/dynamodb/page-session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { enterPage } from "#shared/page/enter-page.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "PUBLIC_URL");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());
const customers = createCustomerStore(table);
const pages = createPageSessionStore(table);

export const handler = createHandler({
  ...surroundings,
  ...{ log, customers, pages, audit: createAuditRecorder(table) },
  enter: enterPage({ ...surroundings, customers, pages }),
  publicUrl: env.PUBLIC_URL,
});
