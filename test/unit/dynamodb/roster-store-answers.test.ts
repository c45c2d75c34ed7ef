/** What the store of rosters asks of DynamoDB, and what it makes of answers that no engine gives at will. */
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { createRosterStore } from "#shared/dynamodb/roster-store.ts";
import { afterNoon, newConnectionId, newCustomerId, noon } from "../../support/builders.ts";
import { anOutcome, aRoster } from "../../support/roster-builders.ts";

/** The store over a DynamoDB that answers so, with what it was asked. */
const storeOver = (answer: () => Promise<object>) => {
  const asked: Readonly<Record<string, unknown>>[] = [];
  const send = (command: { readonly input: Readonly<Record<string, unknown>> }) => {
    asked.push(command.input);
    return answer();
  };
  const client = { send } as unknown as DynamoDBDocumentClient;
  return { store: createRosterStore({ name: "the-table", client }), asked };
};

it("a change of a running roster fails where DynamoDB does: it is not taken for one that does not run", async () => {
  const throttled = new Error("throttled");
  const { store } = storeOver(() => Promise.reject(throttled));
  const roster = aRoster();
  await expect(store.lease(roster, afterNoon(1))).rejects.toBe(throttled);
  await expect(store.countExecution(roster)).rejects.toBe(throttled);
  await expect(store.stop(roster)).rejects.toBe(throttled);
  await expect(store.fail(roster, "internal_error", noon)).rejects.toBe(throttled);
});

it("a roster that fails is stored as failed, with its reason and its time", async () => {
  const { store, asked } = storeOver(async () => ({}));
  expect(await store.fail(aRoster(), "internal_error", noon)).toBe(true);
  const values = {
    ":running": "running",
    ":failed": "failed",
    ":reason": "internal_error",
    ":now": noon.toISOString(),
  };
  expect(asked[0]?.["ExpressionAttributeValues"]).toEqual({ ...values, ":none": null });
});

it("a roster that meets another transaction is not taken for one that does not run", async () => {
  const cancelled = (...codes: readonly string[]) =>
    new TransactionCanceledException({
      ...{ $metadata: {}, message: "", CancellationReasons: codes.map((Code) => ({ Code })) },
    });
  const publish = (error: Error) =>
    storeOver(() => Promise.reject(error)).store.publish(aRoster(), anOutcome(), noon, []);
  await expect(publish(cancelled("TransactionConflict", "None"))).rejects.toThrow("contention on a roster");
  expect(await publish(cancelled("ConditionalCheckFailed", "None"))).toBe(false);
});

it("decisions are those of the customer's items, and one is found in either order, and not for another pair", async () => {
  const { store, asked } = storeOver(async () => ({}));
  const customerId = newCustomerId();
  const [a, b, c] = ["one", "two", "three"].map((individual_id) => ({
    connection_id: newConnectionId(),
    individual_id,
  }));
  if (!a || !b || !c) return expect.fail();
  expect(await store.decisions(customerId)).toEqual([]);
  expect(asked.pop()?.["ExpressionAttributeValues"]).toMatchObject({ ":begins": "DECISION#" });
  for (const pair of [
    { a, b },
    { a: b, b: a },
    { a, b: c },
  ]) {
    await store.findDecision(customerId, pair);
  }
  const [one, same, other] = asked.map(({ Key }) => JSON.stringify(Key));
  expect([same === one, other === one]).toEqual([true, false]);
  return undefined;
});
