/**
 * The stores' contract for mutants: hundreds of runs use one DynamoDB, in which each has a table of its own, made like the
 * one that is there already. To synthesise the CDK's table for each would take most of the time.
 */
import { randomUUID } from "node:crypto";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type GlobalSecondaryIndexDescription,
  type LocalSecondaryIndexDescription,
} from "@aws-sdk/client-dynamodb";
import { describeStores } from "../contract/describe-stores.ts";
import { openDynamoStores } from "../contract/open-stores.ts";
import { createLocalClient } from "../support/dynoxide.ts";
import { endpointVariable, templateTable } from "./table-server.ts";

/** A condition that has gone shows at the first tries or not at all. */
const propertyRuns = 5;

const open = async () => {
  const client = createLocalClient(process.env[endpointVariable] ?? "");
  const { Table } = await client.send(new DescribeTableCommand({ TableName: templateTable }));
  const name = `mutant-${randomUUID()}`;
  const indexes = (from: readonly (GlobalSecondaryIndexDescription | LocalSecondaryIndexDescription)[] = []) =>
    from.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  await client.send(
    new CreateTableCommand({
      TableName: name,
      KeySchema: Table?.KeySchema,
      AttributeDefinitions: Table?.AttributeDefinitions,
      LocalSecondaryIndexes: indexes(Table?.LocalSecondaryIndexes),
      GlobalSecondaryIndexes: indexes(Table?.GlobalSecondaryIndexes),
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const stores = openDynamoStores(client, name, propertyRuns);
  return {
    ...stores,
    close: async () => {
      await client.send(new DeleteTableCommand({ TableName: name }));
      await stores.close();
    },
  };
};

describeStores("on a DynamoDB that stays", open, { isQuick: true });
