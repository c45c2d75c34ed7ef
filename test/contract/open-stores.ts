import { randomUUID } from "node:crypto";
import { DeleteTableCommand, type DynamoDBClient, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { createAuditStore } from "#shared/dynamodb/audit-store.ts";
import { createBudgetStore } from "#shared/dynamodb/budget-store.ts";
import { createCheckPauseStore } from "#shared/dynamodb/check-pause-store.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createDeletionStore } from "#shared/dynamodb/deletion-store.ts";
import { createDueStore } from "#shared/dynamodb/due-store.ts";
import { createEmployerMarks } from "#shared/dynamodb/employer-marks.ts";
import { keys } from "#shared/dynamodb/keys.ts";
import { createFindNewestTokens } from "#shared/dynamodb/newest-tokens.ts";
import { createOutbox } from "#shared/dynamodb/outbox.ts";
import { createPageSessionStore } from "#shared/dynamodb/page-session-store.ts";
import { createRosterStore } from "#shared/dynamodb/roster-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable, type Table } from "#shared/dynamodb/table.ts";
import { createWebhookStore } from "#shared/dynamodb/webhook-store.ts";
import { snapshotTable } from "../interleavings/snapshot.ts";
import type { RunStores } from "../interleavings/world.ts";
import { createConnectionTable, createLocalClient, startDynoxide } from "../support/dynoxide.ts";
import type { Parked, Tombstone } from "../support/memory/state.ts";
import { createMemoryStores } from "../support/memory/stores.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** The stores in memory. */
export const openMemory = async (): Promise<OpenedStores> => {
  const { memory, ...stores } = createMemoryStores();
  return {
    ...stores,
    findOwner: async (connectionId) => memory.owners.get(connectionId),
    findTombstone: async (connectionId) => memory.tombstones.get(connectionId),
    findParked: async (connectionId) => memory.parked.get(connectionId),
    itemsRead: () => memory.itemsRead,
    propertyRuns: 100,
    close: async () => {},
  };
};

/** The stores on dynoxide, which is started for them and stopped at the end. */
export const openDynoxide = async (): Promise<OpenedStores> => {
  const { endpoint, stop } = await startDynoxide();
  const stores = await openThrowAwayTable(endpoint);
  return { ...stores, close: stop };
};

/** The stores in a new table of any DynamoDB, which is deleted at the end. */
export const openThrowAwayTable = async (endpoint: string, propertyRuns = 25): Promise<OpenedStores> => {
  const client = createLocalClient(endpoint);
  const tableName = `contract-${randomUUID()}`;
  await createConnectionTable(client, tableName);
  const stores = openDynamoStores(client, tableName, propertyRuns);
  return {
    ...stores,
    close: async () => {
      await client.send(new DeleteTableCommand({ TableName: tableName }));
      await stores.close();
    },
  };
};

/** The stores in a table that exists. */
export const openDynamoStores = (client: DynamoDBClient, tableName: string, propertyRuns: number): OpenedStores => {
  const read = countItemsRead(client);
  const table = openTable(tableName, client);
  return {
    ...openTableStores(table),
    findOwner: async (connectionId) => (await getItem(table, keys.owner(connectionId)))?.["customer_id"],
    findTombstone: async (connectionId) => toTombstone(await getItem(table, keys.owner(connectionId))),
    findParked: async (connectionId) => toParked(await getItem(table, keys.parked(connectionId))),
    itemsRead: read,
    propertyRuns,
    close: async () => client.destroy(),
  };
};

/** The stores in a table that holds one run of callers, and nothing else. */
export const openRunStores = (table: Table): RunStores => {
  const stores = openTableStores(table);
  return { ...stores, takeSnapshot: () => snapshotTable(table, stores) };
};

const openTableStores = (table: Table) => ({
  customers: createCustomerStore(table),
  sessions: createSessionStore(table),
  connections: createConnectionStore(table),
  deletions: createDeletionStore(table),
  due: createDueStore(table),
  checkPauses: createCheckPauseStore(table),
  outbox: createOutbox(table),
  webhooks: createWebhookStore(table),
  marks: createEmployerMarks(table),
  audit: createAuditStore(table),
  budgets: createBudgetStore(table),
  pages: createPageSessionStore(table),
  findNewestTokens: createFindNewestTokens(table),
  rosters: createRosterStore(table),
});

const getItem = async ({ client, name }: Table, key: Record<string, string>) => {
  const { Item } = await client.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true }));
  return Item;
};

const toTombstone = (item: Record<string, unknown> | undefined): Tombstone | undefined =>
  item?.["customer_hash"] === undefined
    ? undefined
    : { customerHash: `${item["customer_hash"]}`, disconnectedAt: new Date(`${item["disconnected_at"]}`) };

const toParked = (item: Record<string, unknown> | undefined): Parked | undefined =>
  item && {
    firstSeenAt: new Date(`${item["first_seen_at"]}`),
    lastSeenAt: new Date(`${item["last_seen_at"]}`),
    count: Number(item["count"]),
  };

/** Counts what DynamoDB says that queries have read, which is more than what they return where a filter is given. */
const countItemsRead = (client: DynamoDBClient): (() => number) => {
  let items = 0;
  client.middlewareStack.add(
    (next) => async (input) => {
      const answer = await next(input);
      items += (answer.output as Partial<QueryCommandOutput>).ScannedCount ?? 0;
      return answer;
    },
    { step: "initialize", name: "countItemsRead" },
  );
  return () => items;
};
