import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { PagePosition } from "#shared/connection/store-ports.ts";
import { afterNoon, newConnectionId, nthVersion } from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

type Filter = { readonly status: string | undefined; readonly providerId: string | undefined };
const unfiltered: Filter = { status: undefined, providerId: undefined };

/** What a store of connections promises of a customer's list. */
export const describeConnectionLists = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection } = createClaimSetting(stores);

  const statuses = ["connected", "reauth"];
  const providers = ["gusto", "adp_run", "bamboo_hr"];

  /** Twelve connections of a new customer; some were made in the same moment. */
  const createTwelve = async () => {
    const customerId = await aKnownCustomer();
    const connections: Connection[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { connection } = await aClaimedConnection({
        customerId,
        connectionId: newConnectionId(),
        createdAt: afterNoon(Math.floor(index / 3) * 1_000),
        finchStatus: statuses[index % 2] ?? "",
        providerId: providers[index % 3] ?? "",
      });
      connections.push(connection);
    }
    return { customerId, connections };
  };
  const listAll = async (customerId: CustomerId, limit: number, filter: Filter) => {
    const pages: (readonly Connection[])[] = [];
    let from: PagePosition | undefined;
    do {
      const before = stores().itemsRead();
      const page = await stores().connections.list(customerId, { limit, from, ...filter });
      const isFiltered = filter.status !== undefined || filter.providerId !== undefined;
      expect(page.items.length).toBeLessThanOrEqual(limit);
      expect(stores().itemsRead() - before).toBeLessThanOrEqual(isFiltered ? 4 * limit : limit + 1);
      pages.push(page.items);
      from = page.next;
      // Each page but the last gets on.
      expect(pages.length).toBeLessThanOrEqual(13);
    } while (from !== undefined);
    return pages;
  };
  const idsOf = (connections: readonly Connection[]) => connections.map(({ connectionId }) => connectionId);

  describe("lists of connections", () => {
    it("is empty for a customer without connections", async () => {
      const page = await stores().connections.list(await aKnownCustomer(), {
        limit: 5,
        from: undefined,
        ...unfiltered,
      });
      expect(page).toEqual({ items: [], next: undefined });
    });

    it("gives whole connections, the newest first, and none of another customer", async () => {
      const { customerId, connections } = await createTwelve();
      await aClaimedConnection();
      const { items, next } = await stores().connections.list(customerId, {
        limit: 12,
        from: undefined,
        ...unfiltered,
      });
      expect(next).toBeUndefined();
      expect(items.map((item) => item.createdAt)).toEqual(
        connections.map((connection) => connection.createdAt).toReversed(),
      );
      const sorted = (list: readonly Connection[]) =>
        list.toSorted((a, b) => (a.connectionId < b.connectionId ? -1 : 1));
      expect(sorted(items)).toEqual(sorted(connections));
    });

    it("says that there is no next page when the last is full", async () => {
      const { customerId } = await createTwelve();
      const first = await stores().connections.list(customerId, { limit: 6, from: undefined, ...unfiltered });
      const second = await stores().connections.list(customerId, { limit: 6, from: first.next, ...unfiltered });
      expect([first.items.length, second.items.length, second.next]).toEqual([6, 6, undefined]);
    });

    it("pages without gaps or doubles, whatever the limit and the filter, and reads within bounds", async () => {
      const { customerId, connections } = await createTwelve();
      const whole = (await listAll(customerId, 12, unfiltered)).flat();
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 14 }),
          fc.constantFrom(undefined, ...statuses, "none"),
          fc.constantFrom(undefined, ...providers, "none"),
          async (limit, status, providerId) => {
            const pages = await listAll(customerId, limit, { status, providerId });
            const expected = whole.filter(
              (connection) =>
                (status === undefined || connection.finchStatus === status) &&
                (providerId === undefined || connection.providerId === providerId),
            );
            expect(idsOf(pages.flat())).toEqual(idsOf(expected));
          },
        ),
        { numRuns: stores().propertyRuns },
      );
      expect(whole).toHaveLength(connections.length);
    });

    it("shows a connection that was made between two pages on neither, and misses none of the others", async () => {
      const { customerId, connections } = await createTwelve();
      const first = await stores().connections.list(customerId, { limit: 7, from: undefined, ...unfiltered });
      await aClaimedConnection({ customerId, createdAt: afterNoon(60_000) });
      const second = await stores().connections.list(customerId, { limit: 7, from: first.next, ...unfiltered });
      expect(idsOf([...first.items, ...second.items]).toSorted()).toEqual(idsOf(connections).toSorted());
    });

    it("lists a change at once", async () => {
      const { connection } = await aClaimedConnection();
      const next = { ...connection, finchStatus: "reauth", version: nthVersion(2) };
      await stores().connections.replace(next, []);
      const page = await stores().connections.list(connection.customerId, { limit: 1, from: undefined, ...unfiltered });
      expect(page).toEqual({ items: [next], next: undefined });
    });
  });
};
