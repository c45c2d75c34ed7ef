import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { ok, refuse } from "../result.ts";
import type { RosterStore } from "../roster/ports.ts";
import type { Roster, RosterId } from "../roster/roster.ts";
import { type Item, readItem } from "./item.ts";
import { keys } from "./keys.ts";
import { createMatchDecisions } from "./match-decisions.ts";
import { fromRosterItem, toOutcome, toRosterItem } from "./roster-item.ts";
import { checkCustomer, customerRefusal, getItem } from "./roster-partition.ts";
import { createRosterReads, planReads } from "./roster-reads.ts";
import { type Action, failedCondition, type Table, transact, transactPatiently, unlessChanged } from "./table.ts";
import { putTraces } from "./traces.ts";

/** Rosters and what the platform has decided on matches, in a partition of each customer's. */
export const createRosterStore = (table: Table): RosterStore => {
  /** Changes a roster that runs; false if it does not. */
  const changeRunning = async (
    roster: Pick<Roster, "customerId" | "rosterId">,
    expression: string,
    values: Item,
    condition = "",
  ): Promise<boolean> => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.roster(roster.customerId, roster.rosterId),
          UpdateExpression: expression,
          ConditionExpression: `#state = :running${condition}`,
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: { ":running": "running", ...values },
        }),
      );
      return true;
    } catch (error) {
      if (failedCondition(error)) return false;
      throw error;
    }
  };

  return {
    ...createMatchDecisions(table),
    ...createRosterReads(table),

    async current(customerId) {
      const item = await getItem(table, keys.currentRosters(customerId));
      if (item === undefined) return { running: null, newest: null };
      const read = readItem(item);
      return {
        running: read.textOrNull("running") as RosterId | null,
        newest: read.textOrNull("newest") as RosterId | null,
      };
    },

    async find(customerId, rosterId) {
      const item = await getItem(table, keys.roster(customerId, rosterId));
      return item && fromRosterItem(item);
    },

    async begin(roster, instead, entries) {
      const cancelled = await transactPatiently(table, [
        checkCustomer(table, roster.customerId),
        {
          Update: {
            TableName: table.name,
            Key: keys.currentRosters(roster.customerId),
            UpdateExpression: "SET running = :running",
            ConditionExpression: "attribute_not_exists(running) OR running = :instead OR running = :none",
            ExpressionAttributeValues: { ":running": roster.rosterId, ":instead": instead ?? "", ":none": null },
          },
        },
        { Put: { TableName: table.name, Item: toRosterItem(roster) } },
        ...putTraces(table, entries),
      ]);
      if (cancelled === undefined) return ok(undefined);
      return refuse(customerRefusal(cancelled[0]) ?? "changed");
    },

    countExecution: (roster) =>
      changeRunning(
        roster,
        "SET execution = :execution",
        { ":execution": roster.execution, ":before": roster.execution - 1 },
        " AND execution = :before",
      ),

    stop: (roster) =>
      changeRunning(
        roster,
        "SET stopped_execution = :execution",
        { ":execution": roster.execution },
        " AND execution = :execution",
      ),

    async plan(roster, connectionIds, ssnKey) {
      // Parts that begun before keep the key that their marks are made with.
      const isPlanned = await changeRunning(
        roster,
        "SET ssn_key = if_not_exists(planned_ssn_key, :key), planned_ssn_key = if_not_exists(planned_ssn_key, :key)",
        { ":key": ssnKey },
      );
      if (!isPlanned) return false;
      await planReads(table, roster, connectionIds);
      return true;
    },

    lease: (roster, until) => changeRunning(roster, "SET lease_until = :until", { ":until": until.toISOString() }),

    async release({ customerId, rosterId }, until) {
      await unlessChanged(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keys.roster(customerId, rosterId),
            UpdateExpression: "SET lease_until = :none",
            ConditionExpression: "lease_until = :until",
            ExpressionAttributeValues: { ":none": null, ":until": until.toISOString() },
          }),
        ),
      );
    },

    async publish(roster, outcome, now, events) {
      const cancelled = await transact(table, [
        {
          Update: {
            TableName: table.name,
            Key: keys.roster(roster.customerId, roster.rosterId),
            UpdateExpression: "SET #state = :ready, outcome = :outcome, finished_at = :now, lease_until = :none",
            ConditionExpression: "#state = :running",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: {
              ":running": "running",
              ":ready": "ready",
              ":outcome": toOutcome(outcome),
              ":now": now.toISOString(),
              ":none": null,
            },
          },
        },
        endRunning(table, roster, roster.rosterId),
        ...putTraces(table, events),
      ]);
      if (cancelled === undefined) return true;
      if (cancelled.some(({ failed }) => failed)) return false;
      throw new Error("contention on a roster");
    },

    async fail(roster, reason, now) {
      const isFailed = await changeRunning(
        roster,
        "SET #state = :failed, reason = :reason, finished_at = :now, lease_until = :none",
        { ":failed": "failed", ":reason": reason, ":now": now.toISOString(), ":none": null },
      );
      // Its place is taken by the next one, which looks at its state.
      return isFailed;
    },
  };
};

/** The roster is the newest, and none runs. */
const endRunning = (table: Table, { customerId, rosterId }: Roster, newest: RosterId): Action => ({
  Update: {
    TableName: table.name,
    Key: keys.currentRosters(customerId),
    UpdateExpression: "SET running = :none, newest = :newest",
    ConditionExpression: "running = :roster",
    ExpressionAttributeValues: { ":none": null, ":newest": newest, ":roster": rosterId },
  },
});
