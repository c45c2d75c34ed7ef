/** How a customer's partition of rosters is read and emptied, by what DynamoDB is asked. */
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import type { Item } from "#shared/dynamodb/item.ts";
import { createRosterEraser } from "#shared/dynamodb/roster-eraser.ts";
import { customerRefusal, getItem, listItems } from "#shared/dynamodb/roster-partition.ts";
import { afterNoon, newCustomerId, noon } from "../../support/builders.ts";

const customerId = newCustomerId();

/** A table that gives these pages, one for each query, and what it was asked. */
const tableOf = (...pages: readonly Item[]) => {
  const [queries, gets, deleted]: [Item[], Item[], unknown[]] = [[], [], []];
  const writing = { now: 0, most: 0 };
  const send = async (command: { readonly input: Item }): Promise<Item> => {
    if (command instanceof QueryCommand) {
      queries.push(command.input as unknown as Item);
      return pages[queries.length - 1] ?? {};
    }
    if (command instanceof UpdateCommand) throw new Error("nothing runs that might be cancelled");
    if (command instanceof GetCommand) gets.push(command.input as unknown as Item);
    if (command instanceof DeleteCommand) {
      writing.now += 1;
      writing.most = Math.max(writing.most, writing.now);
      await new Promise(setImmediate);
      writing.now -= 1;
      deleted.push(command.input.Key);
    }
    return {};
  };
  const table = { name: "the-table", client: { send } as unknown as DynamoDBDocumentClient };
  return { table, queries, gets, deleted, writing };
};
const itemsOf = (count: number, lease_until: string | null = null) =>
  Array.from({ length: count }, (_, at) => ({ pk: "ROSTERS", sk: `${at}`, lease_until }));

describe("the items of a partition", () => {
  it("are read consistently, page after page", async () => {
    const last = { pk: "ROSTERS", sk: "1" };
    const { table, queries } = tableOf({ Items: itemsOf(2), LastEvaluatedKey: last }, {}, { Items: itemsOf(1) });
    expect(await listItems(table, customerId, {})).toEqual(itemsOf(2));
    const [first, second] = queries;
    expect(queries).toHaveLength(2);
    expect(first).toMatchObject({ TableName: "the-table", ConsistentRead: true, KeyConditionExpression: "pk = :pk" });
    expect(first).not.toHaveProperty("ExclusiveStartKey");
    expect(first).not.toHaveProperty("ProjectionExpression");
    expect(first?.["ExpressionAttributeValues"]).toStrictEqual({ ":pk": expect.stringContaining(customerId) });
    expect(second).toEqual({ ...first, ExclusiveStartKey: last });
  });

  it("may be those whose sort key begins so, and some of their attributes", async () => {
    const { table, queries } = tableOf({ Items: itemsOf(1) });
    await listItems(table, customerId, { begins: "DECISION#", attributes: "pk, sk" });
    expect(queries).toMatchObject([
      {
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :begins)",
        ExpressionAttributeValues: { ":begins": "DECISION#" },
        ProjectionExpression: "pk, sk",
      },
    ]);
  });

  it("are read one by one consistently, too", async () => {
    const { table, gets } = tableOf();
    expect(await getItem(table, { pk: "a", sk: "b" })).toBeUndefined();
    expect(gets).toEqual([{ TableName: "the-table", Key: { pk: "a", sk: "b" }, ConsistentRead: true }]);
  });
});

describe("a step that erases", () => {
  const erase = async (items: readonly Item[], pagesAreGone = false) => {
    const setting = tableOf({ Items: items });
    const outcome = await createRosterEraser(setting.table, async () => pagesAreGone).erase(customerId, noon);
    return { ...setting, outcome };
  };

  it("takes a thousand items, 25 at a time, and asks for no more of each than it needs", async () => {
    const { outcome, deleted, writing, queries } = await erase(itemsOf(1_001));
    expect([outcome, deleted.length, writing.most]).toEqual(["more", 1_000, 25]);
    expect(deleted.slice(0, 2)).toEqual([
      { pk: "ROSTERS", sk: "0" },
      { pk: "ROSTERS", sk: "1" },
    ]);
    expect(queries[0]?.["ProjectionExpression"]).toBe("pk, sk, lease_until");
  });

  it("takes none while one of them is leased, until that moment", async () => {
    const until = (milliseconds: number) => itemsOf(1, afterNoon(milliseconds).toISOString());
    for (const leased of [until(1), [...itemsOf(2), ...until(1)]]) {
      expect(await erase(leased)).toMatchObject({ outcome: "waiting", deleted: [] });
    }
    for (const over of [until(0), until(-1)]) {
      expect(await erase(over)).toMatchObject({ outcome: "more", deleted: [{ sk: "0" }] });
    }
  });

  it("is the last where no item and no page is left", async () => {
    expect([(await erase([])).outcome, (await erase([], true)).outcome]).toEqual(["more", "gone"]);
  });
});

it("a customer's check refuses by the customer that there is", () => {
  expect(customerRefusal(undefined)).toBeUndefined();
  expect(customerRefusal({ failed: false, item: undefined })).toBeUndefined();
  expect(customerRefusal({ failed: true, item: undefined })).toBe("customer_unknown");
  expect(customerRefusal({ failed: true, item: { deletion: { deletion_id: "d" } } })).toBe("customer_deleting");
});
