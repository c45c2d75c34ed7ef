import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient } from "@aws-sdk/client-sfn";
import { readEnvironment } from "#shared/aws/environment.ts";
import { lazyClient } from "#shared/aws/lazy-client.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createListConnections } from "#shared/dynamodb/list-connections.ts";
import { createRosterStore } from "#shared/dynamodb/roster-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createRosterExecutions } from "#shared/sfn/roster-executions.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "ROSTER_STATE_MACHINE_ARN");
const table = openTable(env.TABLE_NAME, new DynamoDBClient());

export const handler = createHandler({
  ...surroundings,
  log,
  connections: { list: createListConnections(table) },
  rosters: createRosterStore(table),
  executions: createRosterExecutions(
    lazyClient(() => new SFNClient()),
    env.ROSTER_STATE_MACHINE_ARN,
  ),
});
