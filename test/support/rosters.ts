/** Rosters of a deployed Perch, as its backend asks for them. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, vi } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { type Bucket, createBucket } from "#shared/s3/bucket.ts";
import { account } from "../../local/stack/environments.ts";
import { callBackend } from "./api.ts";
import type { TestCustomer } from "./journey.ts";
import { readStack } from "./stack.ts";

/** Starts a roster, or finds the one that runs. */
export const startRoster = async (customer: TestCustomer): Promise<schema.Roster> => {
  const started = await callBackend(`${customer.path}/employee-rosters`, { method: "POST" });
  expect(started.status, started.text).toBe(202);
  const roster = started.json<schema.Roster>();
  expect(started.headers.get("location")).toBe(`${customer.path}/employee-rosters/${roster.roster_id}`);
  return roster;
};

/** Reads a roster, however far it is. */
export const readRoster = async (customer: TestCustomer, rosterId: string): Promise<schema.Roster> => {
  const read = await callBackend(`${customer.path}/employee-rosters/${rosterId}`);
  expect(read.status, read.text).toBe(200);
  return read.json<schema.Roster>();
};

/** Waits until a roster is ready: this one, or the one that runs. */
export const awaitRoster = async (
  customer: TestCustomer,
  started?: schema.Roster,
  timeout = 120_000,
): Promise<schema.Roster> => {
  const { roster_id: rosterId } = started ?? (await startRoster(customer));
  return vi.waitFor(
    async () => {
      const roster = await readRoster(customer, rosterId);
      expect(roster.status, JSON.stringify(roster)).toBe("ready");
      return roster;
    },
    { timeout, interval: 300 },
  );
};

/** All employees of the newest roster, page by page. */
export const listEmployees = async (customer: TestCustomer, query = "limit=20"): Promise<schema.Employee[]> => {
  const found: schema.Employee[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more = cursor === "" ? "" : `&cursor=${cursor}`;
    const read = await callBackend(`${customer.path}/employees?${query}${more}`);
    expect(read.status, read.text).toBe(200);
    const page = read.json<schema.EmployeePage>();
    found.push(...page.employees);
    cursor = page.next_cursor;
  }
  return found;
};

/** The bucket of rosters' pages, as whoever administers the deployment sees it. */
export const openPages = (): Bucket => {
  const { awsEndpoint, region } = readStack();
  return createBucket({
    url: `${awsEndpoint}/perch-local-rosters-${account}-${region}`,
    region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    sleep,
  });
};
