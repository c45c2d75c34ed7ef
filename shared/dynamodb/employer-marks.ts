import { DeleteCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { EmployerMark, EmployerMarks, MarkedConnection } from "../connection/employer-marks.ts";
import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import { type Item, readItem } from "./item.ts";
import { keys } from "./keys.ts";
import { type Table, unlessChanged } from "./table.ts";

/** The index of employers: one item for each mark of each connection, in the partition of the mark. */
export const createEmployerMarks = (table: Table): EmployerMarks => {
  const query = async (mark: EmployerMark, sorted: string, values: Record<string, string>, limit: number) => {
    const { Items = [] } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        KeyConditionExpression: `pk = :pk AND ${sorted}`,
        ExpressionAttributeValues: { ":pk": keyOf(mark, nobody).pk, ...values },
        Limit: limit,
      }),
    );
    return Items.map(toMarked);
  };

  return {
    async put(mark, connection) {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...keyOf(mark, connection),
            customer_id: connection.customerId,
            connection_id: connection.connectionId,
            made_at: connection.madeAt.toISOString(),
          },
        }),
      );
    },

    async remove(mark, connection) {
      // Refused where it is gone already, or another life's.
      await unlessChanged(
        table.client.send(
          new DeleteCommand({
            TableName: table.name,
            Key: keyOf(mark, connection),
            ConditionExpression: "made_at = :made_at",
            ExpressionAttributeValues: { ":made_at": connection.madeAt.toISOString() },
          }),
        ),
      );
    },

    listOwn: (mark, customerId, limit) => query(mark, "begins_with(sk, :own)", { ":own": `${customerId}#` }, limit),

    // No customer's id holds a `#`, so that its own lie between these two.
    async listOthers(mark, customerId, limit) {
      const [before, after] = await Promise.all([
        query(mark, "sk < :own", { ":own": `${customerId}#` }, limit),
        query(mark, "sk >= :end", { ":end": `${customerId}$` }, limit),
      ]);
      return [...before, ...after];
    },
  };
};

const nobody = { customerId: "" as CustomerId, connectionId: "" as ConnectionId };

const keyOf = (
  { kind, providerId, value }: EmployerMark,
  { customerId, connectionId }: Pick<MarkedConnection, "customerId" | "connectionId">,
) => keys[kind](providerId, value, customerId, connectionId);

const toMarked = (item: Item): MarkedConnection => {
  const read = readItem(item);
  return {
    customerId: read.text("customer_id") as CustomerId,
    connectionId: read.text("connection_id") as ConnectionId,
    madeAt: read.date("made_at"),
  };
};
