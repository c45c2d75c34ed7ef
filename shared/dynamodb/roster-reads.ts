/** How far a roster is with each of its connections, in the partition of the customer's rosters. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { ConnectionId } from "../connection/identifiers.ts";
import type { RosterStore } from "../roster/ports.ts";
import { type Roster, unreadConnection } from "../roster/roster.ts";
import { keys } from "./keys.ts";
import { fromReadItem, toReadItem } from "./roster-item.ts";
import { getItem, listItems } from "./roster-partition.ts";
import { type Action, type Table, transactPatiently, unlessChanged } from "./table.ts";

type RosterReads = Pick<RosterStore, "findRead" | "reads" | "replaceRead" | "releaseRead">;

/** The connections' parts of rosters in the table. */
export const createRosterReads = (table: Table): RosterReads => ({
  async findRead(customerId, rosterId, connectionId) {
    const item = await getItem(table, keys.rosterRead(customerId, rosterId, connectionId));
    return item && fromReadItem(item);
  },

  async reads(customerId, rosterId) {
    const items = await listItems(table, customerId, { begins: `READ#${rosterId}#` });
    return items.map(fromReadItem);
  },

  async replaceRead(roster, read) {
    const cancelled = await transactPatiently(table, [
      checkRunning(table, roster),
      {
        Put: {
          TableName: table.name,
          Item: toReadItem(roster, read),
          ConditionExpression: "version = :before",
          ExpressionAttributeValues: { ":before": read.version - 1 },
        },
      },
    ]);
    return cancelled === undefined;
  },

  async releaseRead(roster, read) {
    await unlessChanged(
      table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: toReadItem(roster, { ...read, leaseUntil: null }),
          ConditionExpression: "version = :version",
          ExpressionAttributeValues: { ":version": read.version },
        }),
      ),
    );
  },
});

/** Makes the parts of a roster that are not there yet; what has begun stays as it is. */
export const planReads = async (
  table: Table,
  roster: Roster,
  connectionIds: readonly ConnectionId[],
): Promise<void> => {
  for (const connectionId of connectionIds) {
    const Item = toReadItem(roster, unreadConnection(connectionId));
    await unlessChanged(
      table.client.send(
        new PutCommand({ TableName: table.name, Item, ConditionExpression: "attribute_not_exists(pk)" }),
      ),
    );
  }
};

const checkRunning = (table: Table, { customerId, rosterId }: Pick<Roster, "customerId" | "rosterId">): Action => ({
  ConditionCheck: {
    TableName: table.name,
    Key: keys.roster(customerId, rosterId),
    ConditionExpression: "#state = :running",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":running": "running" },
  },
});
