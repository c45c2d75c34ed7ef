import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { readEnvironment } from "#shared/aws/environment.ts";
import { openFinch } from "#shared/aws/finch.ts";
import { lazyClient } from "#shared/aws/lazy-client.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openTokenVault } from "#shared/aws/token-vault.ts";
import { openPace, openWayToFinch } from "#shared/aws/way-to-finch.ts";
import { createAuditRecorder } from "#shared/dynamodb/audit-recorder.ts";
import { createClaim } from "#shared/dynamodb/claim.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createFindConnection } from "#shared/dynamodb/find-connection.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createInvokeExchange } from "#shared/lambda/invoke-exchange.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment(
  ...(["TABLE_NAME", "TOKEN_KEY_ARN", "FINCH_URL", "FINCH_SHARE", "FINCH_SECRET_ARN"] as const),
  ...(["FINCH_CLIENT_TYPE", "EXCHANGE_FUNCTION_NAME"] as const),
);
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  customers: createCustomerStore(table),
  // These two only: a function is as large as what it names.
  connections: { claim: createClaim(table), find: createFindConnection(table) },
  audit: createAuditRecorder(table),
  vault: openTokenVault(env),
  finch: openFinch(env, openWayToFinch(env, openPace(env, table, "interactive"))),
  clientType: env.FINCH_CLIENT_TYPE,
  // One attempt: a repeated invocation could begin a second exchange beside the first.
  exchange: createInvokeExchange(
    lazyClient(() => new LambdaClient({ maxAttempts: 1 })),
    env.EXCHANGE_FUNCTION_NAME,
  ),
});
