import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { readEnvironment } from "#shared/aws/environment.ts";
import { lazyClient } from "#shared/aws/lazy-client.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createAuditRecorder } from "#shared/dynamodb/audit-recorder.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createPageSessionStore } from "#shared/dynamodb/page-session-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createInvokeExchange } from "#shared/lambda/invoke-exchange.ts";
import { enterPage } from "#shared/page/enter-page.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "PUBLIC_URL", "EXCHANGE_FUNCTION_NAME");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  sessions: createSessionStore(table),
  audit: createAuditRecorder(table),
  // One attempt: a repeated invocation could begin a second exchange beside the first.
  exchange: createInvokeExchange(
    lazyClient(() => new LambdaClient({ maxAttempts: 1 })),
    env.EXCHANGE_FUNCTION_NAME,
  ),
  enter: enterPage({
    ...surroundings,
    customers: createCustomerStore(table),
    pages: createPageSessionStore(table),
  }),
  publicUrl: env.PUBLIC_URL,
});
