/** A table on dynoxide with very many connections, and what reading it costs. */
import { BatchWriteItemCommand, type DynamoDBClient, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Connection } from "#shared/connection/connection.ts";
import { toConnectionItem, toTokenRecord } from "#shared/dynamodb/connection-item.ts";
import { keys } from "#shared/dynamodb/keys.ts";

/** What was asked of a table. */
export interface TableUse {
  /** How often each command was sent, by its name. */
  readonly commands: Map<string, number>;
  /** How many items queries have read. */
  itemsQueried: number;
}

/** Counts what goes through a client from now on. */
export const countUse = (client: DynamoDBClient): TableUse => {
  const use: TableUse = { commands: new Map(), itemsQueried: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const name = String(context.commandName).replace("Command", "");
      use.commands.set(name, (use.commands.get(name) ?? 0) + 1);
      if (name === "Query") use.itemsQueried += (result.output as QueryCommandOutput).ScannedCount ?? 0;
      return result;
    },
    { step: "initialize", name: "countUse" },
  );
  return use;
};

const batchSize = 25;
const atOnce = 16;

/** Puts connections into a table, without the claims that would make them one by one; with their tokens, where they are said. */
export const fillTable = async (
  client: DynamoDBClient,
  tableName: string,
  connections: Iterable<Connection>,
  ciphertextOf: (connection: Connection) => Uint8Array | undefined,
): Promise<void> => {
  const items = itemsOf(connections, ciphertextOf);
  const work = async () => {
    for (;;) {
      const requests = [];
      while (requests.length < batchSize) {
        const { value, done } = items.next();
        if (done) break;
        requests.push({ PutRequest: { Item: marshall(value) } });
      }
      if (requests.length === 0) return;
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }),
      );
      if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error("the table did not take all items");
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
};

function* itemsOf(connections: Iterable<Connection>, ciphertextOf: (connection: Connection) => Uint8Array | undefined) {
  for (const connection of connections) {
    yield toConnectionItem(connection);
    const ciphertext = ciphertextOf(connection);
    if (ciphertext === undefined) continue;
    for (const record of connection.tokens) {
      yield {
        ...keys.token(connection.customerId, connection.connectionId, record.tokenId),
        record: toTokenRecord(record),
        ciphertext,
      };
    }
  }
}
