import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { ConnectionStore } from "../connection/store-ports.ts";
import { fromConnectionItem } from "./connection-item.ts";
import { keys } from "./keys.ts";
import type { Table } from "./table.ts";

/** The read of one connection, consistent. */
export const createFindConnection =
  (table: Table): ConnectionStore["find"] =>
  async (customerId, connectionId) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.connection(customerId, connectionId), ConsistentRead: true }),
    );
    return Item && fromConnectionItem(Item);
  };
