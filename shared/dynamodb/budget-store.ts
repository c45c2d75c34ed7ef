import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import type { BudgetName } from "../budget/budget.ts";
import type { BudgetStore, Counting, Kind } from "../budget/budget-store.ts";
import { type Bucket, nothingSpent, type Spent } from "../budget/window.ts";
import { type Item, readItem } from "./item.ts";
import { keys } from "./keys.ts";
import { failedCondition, type Table, unlessChanged } from "./table.ts";

/** Far more than fall out of a window between two grants, and few enough for an expression. */
const mostForgotten = 50;

/**
 * The budgets in the table, an item each. `version` goes up by one with every grant, so that the condition on it bounds how
 * many grants the decision did not know of.
 */
export const createBudgetStore = (table: Table): BudgetStore => ({
  async count(name, counting) {
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.budget(name),
          ...(counting.spent?.version === 0 ? begin(counting) : goOn(counting)),
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { counted: true, spent: fromItem(Attributes) };
    } catch (error) {
      const failed = failedCondition(error);
      if (failed === undefined) throw error;
      return { counted: false, spent: fromItem(failed.item) };
    }
  },

  giveBack: (name, { kind, bucket }) =>
    change(table, name, {
      UpdateExpression: `SET ${kind}.#bucket = ${kind}.#bucket - :one`,
      // Forgotten meanwhile, or gone with the item: then there is nothing to give back.
      ConditionExpression: `${kind}.#bucket > :none`,
      ExpressionAttributeNames: { "#bucket": `${bucket}` },
      ExpressionAttributeValues: { ":one": 1, ":none": 0 },
    }),

  hold: (name, until) =>
    change(table, name, {
      UpdateExpression: "SET held_until = :until",
      // Nothing was sent, and so nothing refused, before something was counted.
      ConditionExpression: "attribute_exists(pk) AND (attribute_not_exists(held_until) OR held_until < :until)",
      ExpressionAttributeValues: { ":until": until.getTime() },
    }),
});

type Expression = Pick<
  UpdateCommandInput,
  "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

const begin = ({ kind, bucket }: Counting): Expression => ({
  UpdateExpression: "SET version = :one, background = :background, interactive = :interactive",
  ConditionExpression: "attribute_not_exists(pk)",
  ExpressionAttributeValues: {
    ":one": 1,
    ":background": kind === "background" ? { [bucket]: 1 } : {},
    ":interactive": kind === "interactive" ? { [bucket]: 1 } : {},
  },
});

const goOn = ({ kind, bucket, spent, tolerates, firstKept }: Counting): Expression => {
  const old = (spent?.buckets ?? []).filter(({ index }) => index < firstKept).slice(0, mostForgotten);
  const forgotten = old.flatMap((_, place) => [`background.#old${place}`, `interactive.#old${place}`]);
  return {
    UpdateExpression: [
      `SET version = version + :one, ${kind}.#bucket = if_not_exists(${kind}.#bucket, :none) + :one`,
      ...(forgotten.length > 0 ? [`REMOVE ${forgotten.join(", ")}`] : []),
    ].join(" "),
    ConditionExpression: spent ? "version BETWEEN :seen AND :most" : "attribute_exists(pk)",
    ExpressionAttributeNames: {
      "#bucket": `${bucket}`,
      ...Object.fromEntries(old.map(({ index }, place) => [`#old${place}`, `${index}`])),
    },
    ExpressionAttributeValues: {
      ":one": 1,
      ":none": 0,
      ...(spent && { ":seen": spent.version, ":most": spent.version + tolerates }),
    },
  };
};

/** A change that is superfluous where its condition fails. */
const change = (table: Table, name: BudgetName, expression: Expression): Promise<void> =>
  unlessChanged(table.client.send(new UpdateCommand({ TableName: table.name, Key: keys.budget(name), ...expression })));

const fromItem = (item: Item | undefined): Spent => {
  if (item === undefined) return nothingSpent;
  const read = readItem(item);
  const counts = { background: readItem(read.map("background")), interactive: readItem(read.map("interactive")) };
  const names = new Set([...Object.keys(read.map("background")), ...Object.keys(read.map("interactive"))]);
  const countOf = (kind: Kind, bucket: string) => (bucket in read.map(kind) ? counts[kind].number(bucket) : 0);
  const buckets: Bucket[] = [...names].map((bucket) => ({
    index: Number(bucket),
    background: countOf("background", bucket),
    interactive: countOf("interactive", bucket),
  }));
  return {
    version: read.number("version"),
    buckets: buckets.toSorted((a, b) => a.index - b.index),
    heldUntil: "held_until" in item ? read.number("held_until") : 0,
  };
};
