import { hashOf } from "../connection/capability.ts";
import { compareText, type Decision, identityOf } from "../employee/record.ts";
import { ok, refuse } from "../result.ts";
import type { RosterStore } from "../roster/ports.ts";
import { keys } from "./keys.ts";
import { fromDecisionItem, toDecisionItem } from "./roster-item.ts";
import { checkCustomer, customerRefusal, getItem, listItems } from "./roster-partition.ts";
import { type Table, transactPatiently } from "./table.ts";
import { putTraces } from "./traces.ts";

/** What the platform has decided on pairs of a customer's individuals. */
export const createMatchDecisions = (table: Table): Pick<RosterStore, "decisions" | "findDecision" | "decide"> => ({
  async decisions(customerId) {
    return (await listItems(table, customerId, { begins: "DECISION#" })).map(fromDecisionItem);
  },

  async findDecision(customerId, pair) {
    const item = await getItem(table, keys.matchDecision(customerId, pairHashOf(pair)));
    return item && fromDecisionItem(item);
  },

  async decide(customerId, decision, entries) {
    const cancelled = await transactPatiently(table, [
      checkCustomer(table, customerId),
      {
        Put: {
          TableName: table.name,
          Item: toDecisionItem(customerId, pairHashOf(decision), decision),
          ConditionExpression: decision.version === 1 ? "attribute_not_exists(pk)" : "version = :before",
          ...(decision.version > 1 && { ExpressionAttributeValues: { ":before": decision.version - 1 } }),
        },
      },
      ...putTraces(table, entries),
    ]);
    if (cancelled === undefined) return ok(undefined);
    return refuse(customerRefusal(cancelled[0]) ?? "changed");
  },
});

/** The same for both orders of the two. */
const pairHashOf = ({ a, b }: Pick<Decision, "a" | "b">): string =>
  hashOf(JSON.stringify([identityOf(a), identityOf(b)].toSorted(compareText)));
