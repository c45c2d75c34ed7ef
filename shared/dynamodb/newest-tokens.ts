import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { TokenId } from "../connection/identifiers.ts";
import type { FindNewestTokens } from "../use/open-token.ts";
import { keys } from "./keys.ts";
import { fromTokenItem } from "./sealed.ts";
import type { Table } from "./table.ts";

/** A connection has one token mostly, and seldom more than two. */
const most = 5;

/** Reads a connection's newest tokens: their ids are made from the time. */
export const createFindNewestTokens =
  (table: Table): FindNewestTokens =>
  async (customerId, connectionId) => {
    const { pk, sk } = keys.token(customerId, connectionId, "" as TokenId);
    const { Items = [] } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        ScanIndexForward: false,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues: { ":pk": pk, ":sk": sk },
        Limit: most,
      }),
    );
    return Items.map((item) => fromTokenItem(customerId, connectionId, item));
  };
