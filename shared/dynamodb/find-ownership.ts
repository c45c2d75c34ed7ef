import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { CustomerId, TokenId } from "../connection/identifiers.ts";
import type { ConnectionStore } from "../connection/store-ports.ts";
import { readItem } from "./item.ts";
import { keys } from "./keys.ts";
import type { Table } from "./table.ts";

/** Reads who has a connection, by its owner item or its tombstone. */
export const createFindOwnership =
  (table: Table): ConnectionStore["findOwnership"] =>
  async (connectionId) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.owner(connectionId), ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const read = readItem(Item);
    const customerId = read.textOrNull("customer_id") as CustomerId | null;
    // Without a customer it is the tombstone.
    if (customerId === null) return "disconnected";
    return { customerId, tokenIds: (read.textsOrNull("token_ids") ?? []) as TokenId[] };
  };
