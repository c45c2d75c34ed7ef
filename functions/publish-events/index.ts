import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log } from "#shared/aws/surroundings.ts";
import { createOutbox, readOutboxRecord } from "#shared/dynamodb/outbox.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createPutOntoBus } from "#shared/eventbridge/put-onto-bus.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("TABLE_NAME", "BUS_NAME");

export const handler = createHandler({
  log,
  outbox: createOutbox(openTable(env.TABLE_NAME, new DynamoDBClient())),
  putOntoBus: createPutOntoBus(new EventBridgeClient(), env.BUS_NAME),
  readRecord: readOutboxRecord,
});
