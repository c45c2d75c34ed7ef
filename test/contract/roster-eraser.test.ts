/** How the rosters of a customer go who is being deleted, on dynoxide. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createRosterEraser } from "#shared/dynamodb/roster-eraser.ts";
import { createRosterStore } from "#shared/dynamodb/roster-store.ts";
import { openTable, type Table } from "#shared/dynamodb/table.ts";
import { afterNoon, aProfile, minute, newConnectionId, newCustomerId, noon } from "../support/builders.ts";
import { createConnectionTable, createLocalClient, startDynoxide } from "../support/dynoxide.ts";
import { anOutcome, aRoster } from "../support/roster-builders.ts";

let table: Table;
let stop = async () => {};
beforeAll(async () => {
  const started = await startDynoxide();
  stop = started.stop;
  const client = createLocalClient(started.endpoint);
  await createConnectionTable(client, "rosters");
  table = openTable("rosters", client);
});
afterAll(() => stop());

/** A customer with a roster that is ready and one that runs, of a connection that somebody reads. */
const stage = async () => {
  const customerId = newCustomerId();
  await createCustomerStore(table).put(aProfile({ customerId }), {
    ...{ incarnation: "first", defaultMode: "multiple", now: noon },
  });
  const rosters = createRosterStore(table);
  const ready = aRoster({ customerId });
  await rosters.begin(ready, null, []);
  await rosters.publish(ready, anOutcome(), noon, []);
  const running = aRoster({ customerId });
  await rosters.begin(running, null, []);
  const connectionId = newConnectionId();
  await rosters.plan(running, [connectionId], null);
  const [unread] = await rosters.reads(customerId, running.rosterId);
  const read = { ...(unread ?? expect.fail()), version: 1, leaseUntil: afterNoon(10 * minute) };
  await rosters.replaceRead(running, read);
  /** What is seen of the newest roster whenever pages are erased. */
  const seen: unknown[] = [];
  let pages = 2;
  const erasePages = async (whose: CustomerId): Promise<boolean> => {
    seen.push(whose, (await rosters.current(whose)).newest, await rosters.find(whose, ready.rosterId));
    pages -= 1;
    return pages < 0;
  };
  const eraser = createRosterEraser(table, erasePages);
  return { customerId, rosters, running, read, seen, erase: (now: Date) => eraser.erase(customerId, now) };
};

it("waits for whoever may still write, and for nobody who has said that it does not", async () => {
  const { rosters, running, read, seen, erase } = await stage();
  expect(await erase(noon)).toBe("waiting");
  const cancelled = { state: "cancelled", finishedAt: noon };
  expect(await rosters.find(running.customerId, running.rosterId)).toMatchObject(cancelled);
  expect(await erase(afterNoon(minute))).toBe("waiting");
  expect(await rosters.find(running.customerId, running.rosterId)).toMatchObject(cancelled);
  expect(await erase(afterNoon(9 * minute))).toBe("waiting");
  await rosters.releaseRead(running, read);
  expect(await erase(afterNoon(9 * minute))).toBe("more");
  expect(seen).toEqual([]);
});

it("takes the items before the pages, so that nobody is sent to a page that is gone", async () => {
  const { customerId, seen, erase } = await stage();
  const later = afterNoon(11 * minute);
  expect([await erase(later), await erase(later), await erase(later), await erase(later)]).toEqual([
    ...["more", "more", "more", "gone"],
  ]);
  const nothing = [customerId, null, undefined];
  expect(seen).toEqual([...nothing, ...nothing, ...nothing]);
});
