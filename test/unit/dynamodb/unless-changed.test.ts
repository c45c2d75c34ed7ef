/** A write that may be refused by its condition, and nothing else. */
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { expect, it } from "vitest";
import { failedCondition, unlessChanged } from "#shared/dynamodb/table.ts";

const refused = new ConditionalCheckFailedException({
  ...{ $metadata: {}, message: "The conditional request failed" },
  Item: { state: { S: "cancelled" } },
});

it("a write is waited for, and may be refused by its condition", async () => {
  let isOver = false;
  const write = new Promise(setImmediate).then(() => {
    isOver = true;
  });
  await unlessChanged(write);
  expect(isOver).toBe(true);
  await expect(unlessChanged(Promise.reject(refused))).resolves.toBeUndefined();
});

it("a write that fails for anything else fails", async () => {
  const throttled = new Error("throttled");
  await expect(unlessChanged(Promise.reject(throttled))).rejects.toBe(throttled);
});

it("a failed condition gives the item back that was there, and no other error does", () => {
  expect(failedCondition(refused)).toEqual({ item: { state: "cancelled" } });
  const without = new ConditionalCheckFailedException({ $metadata: {}, message: "" });
  expect(failedCondition(without)).toEqual({ item: undefined });
  expect(failedCondition(new Error("throttled"))).toBeUndefined();
});
