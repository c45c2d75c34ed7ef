import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Customer } from "#shared/connection/customer.ts";
import type { CustomerPosition } from "#shared/connection/store-ports.ts";
import { aProfile, newCustomerId } from "../support/builders.ts";
import type { OpenedStores } from "./opened-stores.ts";

const madeAtOnce = 3;
const made = 25;

/** What a store of customers promises of the list of all. */
export const describeCustomerLists = (stores: () => OpenedStores): void => {
  /** Customers at a time of their own, long before those of all other tests; each three were made in one moment. */
  const createMany = async (metadata = aProfile().metadata) => {
    const begin = Date.UTC(1990, 0, 1) + Math.floor(Math.random() * 1e11);
    const customers: Customer[] = [];
    for (let index = 0; index < made; index += 1) {
      const now = new Date(begin + Math.floor(index / madeAtOnce) * 1_000);
      const incarnation = `incarnation ${index}`;
      const put = await stores().customers.put(
        { ...aProfile(), metadata },
        { incarnation, defaultMode: "multiple", now },
      );
      customers.push(put.ok ? put.value.customer : expect.fail());
    }
    return { customers, newest: new Date(begin + made * 1_000), oldest: new Date(begin) };
  };

  /** Pages from a moment on back to another. */
  const listAll = async (limit: number, newest: Date, oldest: Date) => {
    const found: Customer[] = [];
    let from: CustomerPosition | undefined = { createdAt: newest.toISOString(), customerId: newCustomerId() };
    for (let pages = 0; pages <= made && from !== undefined; pages += 1) {
      const before = stores().itemsRead();
      const page: Awaited<ReturnType<OpenedStores["customers"]["list"]>> = await stores().customers.list({
        limit,
        from,
      });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      // However many customers there are: at most a page from each of eight shards.
      expect(stores().itemsRead() - before).toBeLessThanOrEqual(8 * (limit + 1));
      found.push(...page.items);
      from = page.next;
      if ((page.items.at(-1)?.createdAt ?? oldest) < oldest) break;
    }
    return found.filter(({ createdAt }) => createdAt >= oldest);
  };
  const idsOf = (customers: readonly Customer[]) => customers.map(({ customerId }) => customerId);

  describe("lists of customers", () => {
    it("gives whole customers of all shards, the newest first", async () => {
      const { customers, newest, oldest } = await createMany();
      const found = await listAll(made, newest, oldest);
      const times = found.map(({ createdAt }) => createdAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      const byId = (list: readonly Customer[]) => list.toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1));
      expect(byId(found)).toEqual(byId(customers));
    });

    it("pages without gaps or doubles, whatever the limit, and reads within bounds", async () => {
      const { customers, newest, oldest } = await createMany();
      const whole = idsOf(await listAll(made, newest, oldest));
      expect(whole.toSorted()).toEqual(idsOf(customers).toSorted());
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: made + 2 }), async (limit) => {
          expect(idsOf(await listAll(limit, newest, oldest))).toEqual(whole);
        }),
        { numRuns: stores().propertyRuns },
      );
    });

    it("misses none when customers are so large that a shard does not give all of its page at once", async () => {
      const { customers, newest, oldest } = await createMany({ large: "x".repeat(380_000) });
      const found = await listAll(made, newest, oldest);
      const times = found.map(({ createdAt }) => createdAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(idsOf(found).toSorted()).toEqual(idsOf(customers).toSorted());
    });

    it("leaves a customer where it is in the list when it changes", async () => {
      const { customers, newest, oldest } = await createMany();
      const whole = idsOf(await listAll(made, newest, oldest));
      const [first] = customers;
      const profile = { ...aProfile(), customerId: first?.customerId ?? expect.fail() };
      await stores().customers.put(profile, { incarnation: "later", defaultMode: "single", now: newest });
      const found = await listAll(made, newest, oldest);
      expect(idsOf(found)).toEqual(whole);
      const changed = found.find(({ customerId }) => customerId === profile.customerId);
      expect(changed).toEqual(await stores().customers.find(profile.customerId));
    });

    it("begins with the newest of all, and ends", async () => {
      await createMany();
      const first = await stores().customers.list({ limit: 1, from: undefined });
      expect(first.items).toHaveLength(1);
      const long = { createdAt: "1970-01-01T00:00:00.000Z", customerId: newCustomerId() };
      expect(await stores().customers.list({ limit: 5, from: long })).toEqual({ items: [], next: undefined });
    });
  });
};
