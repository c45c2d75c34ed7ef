/**
 * Callers that get in each other's way over DynamoDB: runs in which the seed decides who meets and how long each waits
 * before and after each call. Which of two that arrive together is first, the database decides.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, it } from "vitest";
import { openTable } from "#shared/dynamodb/table.ts";
import { suiteVariable } from "../../local/testing/plan.ts";
import { runMany, scenarios, tellRuns } from "../interleavings/interleavings.ts";
import { type RunCallers, runOnce } from "../interleavings/run.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";
import { openRunStores } from "./open-stores.ts";

const runs = process.env[suiteVariable] === "nightly" ? 20 : 5;
let dynoxide: Dynoxide;
let client: DynamoDBClient;
beforeAll(async () => {
  dynoxide = await startDynoxide();
  client = createLocalClient(dynoxide.endpoint);
  // The first takes seconds: the CDK is loaded for it.
  await createConnectionTable(client, "first");
});
let done = 0;
afterAll(async () => {
  tellRuns("over DynamoDB", done);
  await dynoxide?.stop();
});

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
  it.concurrent.each(scenarios)("$name", async (scenario) => {
    const ran = await runMany(scenario, runs, async (_, seed) => {
      const tableName = `run-${randomUUID()}`;
      await createConnectionTable(client, tableName);
      return runOnce(scenario, seed, openRunStores(openTable(tableName, client)), atOnce);
    });
    done += ran;
  });
});
