/**
 * What the deployed Perch leaves in its table is what `docs/storage.md` says, and nothing else. It is long because one item of
 * each kind serves all of it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { callBackend } from "../support/api.ts";
import { readStream } from "../support/aws.ts";
import { createBrowser } from "../support/browser.ts";
import { introspect, pathOf } from "../support/connections.ts";
import { controlFinch } from "../support/finch.ts";
import { awaitDeletion, awaitDisconnected, awaitEntityEnded, invoke } from "../support/functions.ts";
import { oneOfEachShape } from "../support/item-shapes.ts";
import { connect, createCustomer, openLink, startSession, type TestCustomer } from "../support/journey.ts";
import { openPage } from "../support/page.ts";
import { patience } from "../support/patience.ts";
import { awaitRoster } from "../support/rosters.ts";
import { sendWebhook } from "../support/send-webhook.ts";
import { readStack } from "../support/stack.ts";
import {
  compareWithTable,
  type DocumentedAttribute,
  parseStorageDocument,
  type StorageDocument,
  type StoredItem,
} from "../support/storage-document.ts";
import { readHint } from "../support/table.ts";

const root = join(import.meta.dirname, "../..");
const document = parseStorageDocument(readFileSync(join(root, "docs/storage.md"), "utf8"));

const createDynamo = () => {
  const { awsEndpoint, region } = readStack();
  return new DynamoDBClient({
    endpoint: awsEndpoint,
    region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
};

/** All items of the table: what this test made, and whatever other tests have left. */
const scanTable = async (): Promise<StoredItem[]> => {
  const dynamo = createDynamo();
  const items: StoredItem[] = [];
  let from: StoredItem | undefined;
  do {
    const page = await dynamo.send(
      new ScanCommand({
        TableName: readStack().tableName,
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
};

/** What this test's customer had in the table at any time: some kinds of items are gone moments later. */
const readPast = async (customer: TestCustomer): Promise<StoredItem[]> =>
  (await readStream()).filter((image) => JSON.stringify(image).includes(customer.id));

/** Lets a customer of this test's own leave one item of each kind, with every attribute that such an item always has. */
const makeOneOfEach = async (): Promise<TestCustomer> => {
  const customer = await createCustomer();
  await callBackend(customer.path, { method: "PUT", json: { name: customer.name, metadata: { plan: "growth" } } });
  const integration = { provider: "gusto", auth_method: "credential" } as const;
  const { connectionId } = await connect(customer, { input: { integration } });
  await introspect(customer, connectionId);
  await controlFinch("POST", `connections/${connectionId}`, { status: "reauth" });
  await introspect(customer, connectionId);
  await invoke("sweep-checks", { resume: true });
  const path = pathOf(customer, connectionId);
  await callBackend(path, { method: "PATCH", json: { label: "payroll", metadata: { office: "north" } } });
  expect((await callBackend(path, { method: "DELETE" })).status).toBe(202);
  await awaitDisconnected(customer, connectionId);
  const { connectionId: other } = await connect(customer, { provider: "bamboo_hr" });
  const wish = { products: ["company"], reason: "a report" };
  expect((await callBackend(`${pathOf(customer, other)}/access-token`, { json: wish })).status).toBe(200);
  expect((await callBackend(`${pathOf(customer, other)}/finch/employer/company`)).status).toBe(200);
  // Its company and its entities are entered into the index of employers, and one entity is ended.
  const kept = await connect(customer, { username: "multi_entity", entities: "all" });
  const [entity] = (await introspect(customer, kept.connectionId)).entities;
  await callBackend(`${pathOf(customer, kept.connectionId)}/entities/${entity?.id}`, { method: "DELETE" });
  await awaitEntityEnded(customer, kept.connectionId, `${entity?.id}`);
  // One webhook that has its effect, and one about a connection that nobody has.
  const [eventId, nobodys] = [`msg_${crypto.randomUUID()}`, crypto.randomUUID()];
  await sendWebhook({ event_type: "account.updated", connection_id: other }, { eventId });
  await sendWebhook({ event_type: "account.updated", connection_id: nobodys });
  const remembered = async () => {
    expect(await readHint("WEBHOOK", eventId)).toBeDefined();
    expect(await readHint("PARKED", nobodys)).toBeDefined();
  };
  await vi.waitFor(remembered, patience);
  // A roster of which one connection's people are not told, and a decision on two of its people.
  await controlFinch("POST", `employers/${other}`, { people: 3, item_errors: { individual_not_found: 1 } });
  expect((await callBackend(`${customer.path}/employee-rosters`, { method: "POST" })).status).toBe(202);
  const [a, b] = ["one", "other"].map((individual_id) => ({ connection_id: other, individual_id }));
  const match = { a, b, decision: "different" };
  expect((await callBackend(`${customer.path}/employee-matches`, { method: "PUT", json: match })).status).toBe(200);
  await awaitRoster(customer);
  // A page that is open.
  await openPage(customer);
  // One that stays open, with an opening.
  await openLink(createBrowser(), await startSession(customer));
  return customer;
};

/** Lets another leave what a deletion leaves. */
const deleteAnother = async (): Promise<TestCustomer> => {
  const customer = await createCustomer();
  await connect(customer);
  const asked = await callBackend(customer.path, { method: "DELETE" });
  await awaitDeletion(asked.json<{ deletion_id: string }>().deletion_id);
  return customer;
};

describe("the table of the deployed stack", () => {
  let items: StoredItem[] = [];
  /** One of each shape: the other thousands say nothing else about the document. */
  let shapes: readonly StoredItem[] = [];
  beforeAll(async () => {
    const customer = await makeOneOfEach();
    const deleted = await deleteAnother();
    items = [...(await scanTable()), ...(await readPast(customer)), ...(await readPast(deleted))];
    shapes = oneOfEachShape(items);
  }, 480_000);

  it("holds what docs/storage.md lists, with these types, and nothing else", () => {
    expect(compareWithTable(document, items)).toEqual([]);
  });

  it("has the indexes that docs/storage.md lists", async () => {
    const { Table } = await createDynamo().send(new DescribeTableCommand({ TableName: readStack().tableName }));
    const deployed = [...(Table?.LocalSecondaryIndexes ?? []), ...(Table?.GlobalSecondaryIndexes ?? [])].map(
      ({ IndexName, KeySchema, Projection }) => ({
        name: IndexName,
        partitionKey: KeySchema?.find((key) => key.KeyType === "HASH")?.AttributeName,
        sortKey: KeySchema?.find((key) => key.KeyType === "RANGE")?.AttributeName,
        projection: Projection?.ProjectionType,
      }),
    );
    expect(deployed).toEqual(document.indexes);
  });

  describe("does not pass against a document that differs in", () => {
    /** The document with the attributes of one kind changed. */
    const changed = (
      kindName: string,
      change: (attribute: DocumentedAttribute) => readonly DocumentedAttribute[],
    ): StorageDocument => ({
      ...document,
      kinds: document.kinds.map((kind) =>
        kind.name === kindName ? { ...kind, attributes: kind.attributes.flatMap(change) } : kind,
      ),
    });
    const kinds = document.kinds.map((kind) => ({ ...kind, certain: kind.attributes.filter(({ always }) => always) }));

    it.each(kinds)("any attribute of $name that is left out", ({ name, certain }) => {
      for (const { path } of certain) {
        const without = changed(name, (attribute) => (attribute.path === path ? [] : [attribute]));
        expect(compareWithTable(without, shapes)).toContain(`${name}: ${path} is stored, but not documented`);
      }
    });

    it.each(kinds)("the type of any attribute of $name", ({ name, certain }) => {
      for (const { path } of certain) {
        const type = certain.find((each) => each.path === path)?.types.includes("BOOL") ? "N" : "BOOL";
        const other = changed(name, (each) => [each.path === path ? { ...each, types: [type] } : each]);
        const said = compareWithTable(other, shapes).filter((each) => each.startsWith(`${name}: ${path} is `));
        expect(said).toContainEqual(expect.stringMatching(/ is (S|N|B|M|L|NULL|BOOL), documented as (N|BOOL)$/));
      }
    });

    it.each(kinds)("an attribute of $name that nobody stores", ({ name, attributes: [first] }) => {
      const invented = { path: "invented", types: ["S"], members: undefined, always: true };
      const withIt = changed(name, (each) => (each === first ? [each, invented] : [each]));
      expect(compareWithTable(withIt, shapes)).toContain(`${name}: invented is documented, but no item has it`);
    });

    it.each(kinds)("the kind $name, left out", ({ name }) => {
      const without = { ...document, kinds: document.kinds.filter((kind) => kind.name !== name) };
      expect(compareWithTable(without, shapes)).toContainEqual(expect.stringContaining("is of no documented kind"));
    });

    it("a kind that nobody stores", () => {
      const ghost = { name: "Ghost", pk: "GHOST#{id}", sk: "GHOST", attributes: [], writers: [] };
      expect(compareWithTable({ ...document, kinds: [...document.kinds, ghost] }, shapes)).toEqual([
        "Ghost: documented, but there is no such item",
      ]);
    });
  });
});

describe("docs/storage.md", () => {
  it("has each kind of item that a key is spelt for", () => {
    const source = readFileSync(join(root, "shared/dynamodb/keys.ts"), "utf8");
    const spelt = [...source.matchAll(/pk: [`"]([A-Z]+)#/g)].map(([, word = ""]) => word);
    expect(spelt.length).toBeGreaterThan(0);
    expect(document.kinds.map(({ pk }) => pk.split("#", 1)[0]).toSorted()).toEqual(spelt.toSorted());
  });

  it("names writers that are functions", () => {
    const writers = document.kinds.flatMap((kind) => kind.writers);
    expect(writers.filter((name) => !existsSync(join(root, "functions", name, "handler.ts")))).toEqual([]);
    expect(document.kinds.filter((kind) => kind.writers.length === 0)).toEqual([]);
  });
});
