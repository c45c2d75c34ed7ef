import { DeleteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { CustomerId } from "../connection/identifiers.ts";
import type { RosterEraser } from "../roster/ports.ts";
import type { RosterId } from "../roster/roster.ts";
import { readItem } from "./item.ts";
import { keys } from "./keys.ts";
import { getItem, listItems } from "./roster-partition.ts";
import { type Table, unlessChanged } from "./table.ts";

/** Erases what lies in pages; true once there is none. */
export type ErasePages = (customerId: CustomerId) => Promise<boolean>;

const itemsPerStep = 1_000;
const atOnce = 25;

/**
 * Erases a customer's rosters. A running one is cancelled first: after that nobody begins to read or reconcile for it, since
 * that takes a lease on a running one. Who has a lease may still write a page, and is waited for; then the items go, so that
 * who asks for employees is told that there are none, and does not look for a page that is gone; then the pages. Decisions and
 * new rosters are refused by then: the customer is marked.
 */
export const createRosterEraser = (table: Table, erasePages: ErasePages): RosterEraser => ({
  async erase(customerId, now) {
    await cancelRunning(table, customerId, now);
    const items = await listItems(table, customerId, { attributes: "pk, sk, lease_until" });
    const isLeased = items.some((item) => {
      const until = readItem(item).dateOrNull("lease_until");
      return until !== null && until > now;
    });
    if (isLeased) return "waiting";
    if (items.length === 0) return (await erasePages(customerId)) ? "gone" : "more";
    const erased = items.slice(0, itemsPerStep);
    for (let from = 0; from < erased.length; from += atOnce) {
      const batch = erased.slice(from, from + atOnce);
      await Promise.all(
        batch.map(({ pk, sk }) => table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } }))),
      );
    }
    return "more";
  },
});

const cancelRunning = async (table: Table, customerId: CustomerId, now: Date): Promise<void> => {
  const current = await getItem(table, keys.currentRosters(customerId));
  const running = current && readItem(current).textOrNull("running");
  if (!running) return;
  await unlessChanged(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.roster(customerId, running as RosterId),
        UpdateExpression: "SET #state = :cancelled, finished_at = :now",
        ConditionExpression: "#state = :running",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":running": "running", ":cancelled": "cancelled", ":now": now.toISOString() },
      }),
    ),
  );
};
