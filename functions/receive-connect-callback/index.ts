import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { readEnvironment } from "#shared/aws/environment.ts";
import { lazyClient } from "#shared/aws/lazy-client.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createInvokeExchange } from "#shared/lambda/invoke-exchange.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "EXCHANGE_FUNCTION_NAME");

export const handler = createHandler({
  ...surroundings,
  log,
  sessions: createSessionStore(openTable(env.TABLE_NAME, new DynamoDBClient())),
  // One attempt: a repeated invocation could begin a second exchange beside the first.
  exchange: createInvokeExchange(
    lazyClient(() => new LambdaClient({ maxAttempts: 1 })),
    env.EXCHANGE_FUNCTION_NAME,
  ),
});
