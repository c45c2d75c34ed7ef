/** How the pages of a connection become records, and a key the marks of its SSNs. */
import { describe, expect, it } from "vitest";
import type { PageName } from "#shared/roster/ports.ts";
import { readRecords } from "#shared/roster/read-pages.ts";
import { type EntityRead, type RosterId, unreadConnection, unreadEntity } from "#shared/roster/roster.ts";
import { newConnectionId, newCustomerId } from "../../support/builders.ts";

const context = { customerId: newCustomerId(), rosterId: "a-roster" as RosterId };
const entry = (id: string) => ({
  ...{ id, first_name: "Ann", middle_name: "Bea", last_name: "Cole", department: { name: "Bakery" }, is_active: true },
});
const connectionId = newConnectionId();
const partOf = (...entities: readonly Partial<EntityRead>[]) => ({
  ...{ ...unreadConnection(connectionId), entities: entities.map((each) => ({ ...unreadEntity("e"), ...each })) },
});

/** A bucket of pages, with the names that were asked for, and how many at once. */
const bucketOf = (objects: Readonly<Record<string, unknown>>) => {
  const asked: string[] = [];
  const reading = { now: 0, most: 0 };
  const get = async (_: unknown, name: PageName) => {
    asked.push(name);
    reading.now += 1;
    reading.most = Math.max(reading.most, reading.now);
    await new Promise(setImmediate);
    reading.now -= 1;
    return objects[name];
  };
  return { get, asked, reading };
};
const at = (place: string) => `pages/${connectionId}/${place}`;

describe("the records of a roster", () => {
  it("are made of the pages that were read to their end, with what each product tells", async () => {
    const pages = bucketOf({
      [at("0/0/directory")]: [entry("one"), entry("two")],
      [at("0/0/individual")]: { one: { individual: { first_name: "Annabel" }, ssn_mark: "a-mark" } },
      [at("0/0/employment")]: { one: { title: "Baker" }, two: { title: "Cook" } },
      [at("1/0/directory")]: [entry("one")],
      [at("1/0/employment")]: {},
    });
    const missing = { individual: "not_supported" };
    const part = partOf({ entityId: "e1", pages: 1 }, { entityId: null, pages: 1, missing }, { pages: 0 });
    const names = { first_name: "Ann", middle_name: "Bea", last_name: "Cole" };
    const source = { connection_id: connectionId, entity_id: "e1" };
    expect(await readRecords(pages, context, [part])).toStrictEqual([
      {
        ...{ ...source, individual_id: "one", individual: { first_name: "Annabel" }, employment: { title: "Baker" } },
        ssn_mark: "a-mark",
      },
      { ...source, individual_id: "two", individual: names, employment: { title: "Cook" } },
      {
        ...{ connection_id: connectionId, entity_id: null, individual_id: "one", individual: names },
        employment: { department: { name: "Bakery" }, is_active: true },
      },
    ]);
    expect(pages.asked).toEqual(
      ["0/0/directory", "0/0/individual", "0/0/employment", "1/0/directory", "1/0/employment"].map(at),
    );
  });

  it("are those of the directory where the others' pages are gone, and there are none without a directory", async () => {
    const part = partOf({ pages: 1 });
    const people = await readRecords(bucketOf({ [at("0/0/directory")]: [entry("one")] }), context, [part]);
    expect(people).toMatchObject([{ individual_id: "one", individual: { last_name: "Cole" } }]);
    await expect(readRecords(bucketOf({}), context, [part])).rejects.toThrow("a page of a roster is gone");
  });

  it("are read eight pages at a time, in the order of their pages", async () => {
    const count = 17;
    const pages = bucketOf(
      Object.fromEntries(Array.from({ length: count }, (_, page) => [at(`0/${page}/directory`), [entry(`${page}`)]])),
    );
    const missing = { individual: "not_granted", employment: "not_granted" };
    const records = await readRecords(pages, context, [partOf({ pages: count, missing })]);
    expect(records.map(({ individual_id }) => individual_id)).toEqual(
      Array.from({ length: count }, (_, page) => `${page}`),
    );
    expect([pages.asked.length, pages.reading.most]).toEqual([count, 8]);
  });
});
