import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createAuditRecorder } from "#shared/dynamodb/audit-recorder.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "DEFAULT_CUSTOMER_MODE");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  customers: createCustomerStore(table),
  audit: createAuditRecorder(table),
  defaultMode: env.DEFAULT_CUSTOMER_MODE === "single" ? "single" : "multiple",
});
