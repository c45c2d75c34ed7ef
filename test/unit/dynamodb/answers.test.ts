/** What the stores make of DynamoDB's answers that its emulators do not give: long lists, strangers, states of before. */
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { createBudgetStore } from "#shared/dynamodb/budget-store.ts";
import { createCheckPauseStore } from "#shared/dynamodb/check-pause-store.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createDeletionStore } from "#shared/dynamodb/deletion-store.ts";
import { createDueStore } from "#shared/dynamodb/due-store.ts";
import { ledger } from "#shared/dynamodb/keys.ts";
import { createPageSessionStore } from "#shared/dynamodb/page-session-store.ts";
import { createWebhookStore } from "#shared/dynamodb/webhook-store.ts";
import { beginVisit } from "#shared/page/page-session.ts";
import { aConnection, aDeletion, afterNoon, aPageSession, minute, newSessionId, noon } from "../../support/builders.ts";

interface Input {
  readonly [name: string]: unknown;
}

/** A table that gives these answers, one for each call and nothing after the last, and keeps what it was asked. */
const answering = (...outputs: readonly (Input | Error)[]) => {
  const asked: Input[] = [];
  const send = async ({ input }: { readonly input: Input }) => {
    asked.push(input);
    const output = outputs[asked.length - 1] ?? {};
    if (output instanceof Error) throw output;
    return output;
  };
  return { table: { name: "table", client: { send } as unknown as DynamoDBDocumentClient }, asked };
};
const valuesOf = (input: Input | undefined): Input => Object(input?.["ExpressionAttributeValues"]);
const actionsOf = (input: Input | undefined) => input?.["TransactItems"] as Readonly<Record<string, Input>>[];

describe("a list of customers", () => {
  const customerAt = (second: number): Input => {
    const [at, customerId] = [afterNoon(second * 1_000).toISOString(), `customer-${second}` as CustomerId];
    return {
      ...ledger.customer(at, customerId),
      ...{ customer_id: customerId, name: "A", email: `${second}@example.com`, mode: "multiple", metadata: {} },
      ...{ incarnation: "i", connection_count: 0, created_at: at, updated_at: at },
    };
  };
  const list = async (limit: number, ...shards: readonly Input[]) => {
    const { items, next } = await createCustomerStore(answering(...shards).table).list({ limit, from: undefined });
    return { ids: items.map(({ customerId }) => customerId), next: next?.customerId };
  };
  const key = { pk: "x" };

  it("ends where a shard that has more ends: what follows it is not known yet", async () => {
    const cut = { Items: [7, 6, 5].map(customerAt), LastEvaluatedKey: key };
    const page = await list(9, cut, { Items: [9, 1].map(customerAt) });
    expect(page).toEqual({ ids: ["customer-9", "customer-7", "customer-6", "customer-5"], next: "customer-5" });
  });

  it("goes on where there are more than asked for, and only there", async () => {
    const shards = [{ Items: [7, 5].map(customerAt) }, { Items: [9].map(customerAt) }];
    expect(await list(3, ...shards)).toEqual({ ids: ["customer-9", "customer-7", "customer-5"], next: undefined });
    expect(await list(2, ...shards)).toEqual({ ids: ["customer-9", "customer-7"], next: "customer-7" });
  });

  it("has each one's address", async () => {
    const { table } = answering({ Item: customerAt(1) });
    expect((await createCustomerStore(table).find("customer-1" as CustomerId))?.email).toBe("1@example.com");
  });
});

describe("of connections", () => {
  it("a page that a filter left empty says where to go on", async () => {
    const { customerId, connectionId } = aConnection();
    const at = noon.toISOString();
    const key = { pk: `CUSTOMER#${customerId}`, sk: `CONNECTION#${connectionId}`, listed_at: at };
    const { table } = answering({ Items: [], LastEvaluatedKey: key });
    const query = { limit: 3, from: undefined, status: "held", providerId: undefined } as const;
    expect(await createConnectionStore(table).list(customerId, query)).toEqual({
      items: [],
      next: { listedAt: at, connectionId },
    });
  });

  it("a change deletes no token and marks no message unless it is told to", async () => {
    const { table, asked } = answering();
    const connections = createConnectionStore(table);
    await connections.replace(aConnection(), []);
    await connections.replace(aConnection(), [], [], { finchEventId: undefined, unparks: false, now: noon });
    expect(asked.map((input) => actionsOf(input).length)).toEqual([1, 1]);
  });

  it("the owner goes only with the customer whose connection it was", async () => {
    const { table, asked } = answering();
    const connections = createConnectionStore(table);
    const connection = aConnection();
    const tombstone = { customerHash: "hash", disconnectedAt: noon };
    await connections.remove(connection, { tombstone: null, counts: false, events: [] });
    await connections.remove(connection, { tombstone, counts: false, events: [] });
    const owners = [actionsOf(asked[0])[1]?.["Delete"], actionsOf(asked[1])[1]?.["Put"]];
    for (const owner of owners) {
      expect(owner?.["ConditionExpression"]).toBe("customer_id = :customer_id");
      expect(valuesOf(owner)).toEqual({ ":customer_id": connection.customerId });
    }
  });
});

it("a receipt is summed over all its pages", async () => {
  const line = { connection_id: "c", provider_id: "gusto", disconnected_at: noon.toISOString(), tokens_destroyed: 2 };
  const key = { pk: "DELETION#d", sk: "CONNECTION#c" };
  const { table, asked } = answering({ Items: [line, line], LastEvaluatedKey: key }, { Items: [line] });
  const counted = await createDeletionStore(table).count(aDeletion().deletionId);
  expect(counted).toEqual({ connections: 3, tokens: 6 });
  expect(asked.map((input) => input["ExclusiveStartKey"])).toEqual([undefined, key]);
});

describe("what is due", () => {
  const due = (pk: string, second: number) => ({ pk, sk: "X#1", due_at: afterNoon(second * 1_000).toISOString() });

  it("has no session and no deletion whose key is none", async () => {
    const sessionId = newSessionId();
    const items = { Items: [due("SESSION#junk", 1), due(`SESSION#${sessionId}`, 1)] };
    expect(await createDueStore(answering(items).table).exchanges(noon)).toEqual([sessionId]);
    expect(await createDueStore(answering({ Items: [due("DELETION#junk", 1)] }).table).deletions(noon)).toEqual([]);
  });

  it("of looks is the oldest of all shards, of which each gives its part", async () => {
    const { table, asked } = answering(
      { Items: [due("CUSTOMER#b", 2), due("CUSTOMER#d", 4)] },
      { Items: [due("CUSTOMER#a", 1), due("CUSTOMER#c", 3)] },
    );
    const found = await createDueStore(table).checks(afterNoon(minute), 20);
    expect(found.map(({ customerId }) => customerId)).toEqual(["a", "b", "c", "d"]);
    expect(new Set(asked.map((input) => input["Limit"]))).toEqual(new Set([3]));
  });
});

describe("a budget", () => {
  const spent = { version: 0, buckets: [], heldUntil: 0 };
  const counting = { bucket: 7, spent, tolerates: 0, firstKept: 0 };
  const item = { version: 1, background: { 7: 1 }, interactive: { 5: 2, 6: 3 } };

  it.each(["background", "interactive"] as const)("begins with what it counts, which is %s", async (kind) => {
    const { table, asked } = answering({ Attributes: item });
    const { spent: now } = await createBudgetStore(table).count("address", { ...counting, kind });
    const none = { ":background": {}, ":interactive": {} };
    expect(valuesOf(asked[0])).toEqual({ ":one": 1, ...none, [`:${kind}`]: { 7: 1 } });
    expect(now.buckets.map(({ index }) => index)).toEqual([5, 6, 7]);
  });

  it("forgets fifty old pieces of time at once, which an expression has room for", async () => {
    const buckets = Array.from({ length: 60 }, (_, index) => ({ index, background: 1, interactive: 0 }));
    const { table, asked } = answering({ Attributes: item });
    const old = { ...counting, spent: { ...spent, version: 60, buckets }, firstKept: 60, kind: "background" } as const;
    await createBudgetStore(table).count("address", old);
    expect(Object.keys(Object(asked[0]?.["ExpressionAttributeNames"]))).toHaveLength(51);
  });
});

it("a message that was seen is remembered for three days, and what is parked for one", async () => {
  const { table, asked } = answering();
  const settled = { finchEventId: "msg_1", unparks: false, now: noon };
  await createConnectionStore(table).replace(aConnection(), [], [], settled);
  await createWebhookStore(table).park(aConnection().connectionId, noon);
  const day = 24 * 3_600;
  const since = noon.getTime() / 1_000;
  expect(Object(actionsOf(asked[0])[1]?.["Put"]?.["Item"]).ttl).toBe(since + 3 * day);
  expect(valuesOf(asked[1])[":ttl"]).toBe(since + day);
});

it("what is parked anew is counted in its hour, which goes a day later", async () => {
  const { table, asked } = answering(new ConditionalCheckFailedException({ message: "", $metadata: {} }));
  await createWebhookStore(table).park(aConnection().connectionId, noon);
  const hour = actionsOf(asked[1])[0]?.["Update"];
  expect(hour?.["ExpressionAttributeNames"]).toEqual({ "#count": "count", "#hour": "hour", "#ttl": "ttl" });
  expect(valuesOf(hour)).toMatchObject({ ":hour": "2031-05-06T12", ":ttl": noon.getTime() / 1_000 + 24 * 3_600 });
});

it("nothing is parked anew where it could not be seen whether it is parked", async () => {
  const { table, asked } = answering(new Error("the service is unavailable"));
  await expect(createWebhookStore(table).park(aConnection().connectionId, noon)).rejects.toThrow("unavailable");
  expect(asked).toHaveLength(1);
});

it("the end of a pause keeps until when the sweep is trusted", async () => {
  const { table, asked } = answering();
  await createCheckPauseStore(table).resume(noon);
  expect(asked[0]?.["UpdateExpression"]).toContain("SET trusted_until = :trusted");
  expect(valuesOf(asked[0])).toEqual({ ":trusted": noon.toISOString() });
});

it("a page's session is read consistently, and goes with its visit", async () => {
  const session = aPageSession();
  const { table, asked } = answering({}, { Attributes: {} });
  const pages = createPageSessionStore(table);
  expect(await pages.find(session.pageSessionId)).toBeUndefined();
  const visit = beginVisit("cookie", noon);
  await expect(pages.open(session.pageSessionId, "link", visit)).rejects.toThrow("malformed item");
  expect(asked[0]?.["ConsistentRead"]).toBe(true);
  expect(asked[1]?.["ExpressionAttributeNames"]).toEqual({ "#ttl": "ttl" });
  expect(valuesOf(asked[1])[":ttl"]).toBe(visit.endsAt.getTime() / 1_000);
});
