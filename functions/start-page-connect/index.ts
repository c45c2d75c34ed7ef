import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnvironment, readList } from "#shared/aws/environment.ts";
import { openFinch } from "#shared/aws/finch.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { openPace, openWayToFinch } from "#shared/aws/way-to-finch.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createPageSessionStore } from "#shared/dynamodb/page-session-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { enterPage } from "#shared/page/enter-page.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment(
  ...(["TABLE_NAME", "FINCH_URL", "FINCH_SHARE", "FINCH_SECRET_ARN", "PUBLIC_URL"] as const),
  ...(["PAGE_MODE", "PAGE_PRODUCTS"] as const),
);
const table = openTable(env.TABLE_NAME, new DynamoDBClient());
const customers = createCustomerStore(table);

export const handler = createHandler({
  ...surroundings,
  ...{ log, customers },
  connections: createConnectionStore(table),
  sessions: createSessionStore(table),
  finch: openFinch(env, openWayToFinch(env, openPace(env, table, "interactive"))),
  enter: enterPage({ ...surroundings, customers, pages: createPageSessionStore(table) }),
  publicUrl: env.PUBLIC_URL,
  redirectUri: `${env.PUBLIC_URL}/connect/callback`,
  mode: env.PAGE_MODE === "embedded" ? "embedded" : "redirect",
  products: readList(env.PAGE_PRODUCTS),
});
