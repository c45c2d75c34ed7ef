/**
 * Callers that get in each other's way over DynamoDB: 100 runs, in which the seed decides who meets and how long each waits
 * before and after each call. Which of two that arrive together is first, the database decides.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, it } from "vitest";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createDueStore } from "#shared/dynamodb/due-store.ts";
import { createOutbox } from "#shared/dynamodb/outbox.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable, type Table } from "#shared/dynamodb/table.ts";
import { runMany, scenarios } from "../interleavings/interleavings.ts";
import { type RunCallers, runOnce } from "../interleavings/run.ts";
import { snapshotTable } from "../interleavings/snapshot.ts";
import type { RunStores } from "../interleavings/world.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";

const runs = 10;
let dynoxide: Dynoxide;
let client: DynamoDBClient;
beforeAll(async () => {
  dynoxide = await startDynoxide();
  client = createLocalClient(dynoxide.endpoint);
  // The first takes seconds: the CDK is loaded for it.
  await createConnectionTable(client, "first");
}, 60_000);
afterAll(() => dynoxide?.stop());

const openStores = (table: Table): RunStores => {
  const stores = {
    customers: createCustomerStore(table),
    sessions: createSessionStore(table),
    connections: createConnectionStore(table),
    due: createDueStore(table),
    outbox: createOutbox(table),
  };
  return { ...stores, takeSnapshot: () => snapshotTable(client, table.name, stores) };
};

/** All at once, each call held up for some milliseconds. */
const atOnce: RunCallers = (random, callers) =>
  Promise.all(
    callers.map(async (call) => {
      const slowness = random.pick([0, 2, 6]);
      try {
        await call(async () => {
          if (slowness > 0) await sleep(random.below(slowness + 1));
        });
        return undefined;
      } catch (error) {
        return error;
      }
    }),
  );

describe(`callers that meet over DynamoDB, ${runs * scenarios.length} times`, () => {
  it.concurrent.each(scenarios)(
    "$name",
    (scenario) =>
      runMany(scenario, runs, async (_, seed) => {
        const tableName = `run-${randomUUID()}`;
        await createConnectionTable(client, tableName);
        return runOnce(scenario, seed, openStores(openTable(tableName, client)), atOnce);
      }),
    60_000,
  );
});
