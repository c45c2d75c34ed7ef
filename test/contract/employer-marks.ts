import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { EmployerMark, MarkedConnection } from "#shared/connection/employer-marks.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { aConnection, afterNoon, anEvent, newConnectionId, newCustomerId, noon } from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

const aMark = (changes: Partial<EmployerMark> = {}): EmployerMark => ({
  kind: "company",
  providerId: "gusto",
  value: randomUUID(),
  ...changes,
});
const aMarked = (changes: Partial<MarkedConnection> = {}): MarkedConnection => ({
  customerId: newCustomerId(),
  connectionId: newConnectionId(),
  madeAt: noon,
  ...changes,
});

/** What the index of employers promises, and the change of several connections at once. */
export const describeEmployerMarks = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection } = createClaimSetting(stores);
  const put = async (mark: EmployerMark, ...all: readonly MarkedConnection[]) => {
    for (const each of all) await stores().marks.put(mark, each);
  };
  const own = (mark: EmployerMark, customerId: CustomerId, limit = 10) =>
    stores().marks.listOwn(mark, customerId, limit);
  const others = (mark: EmployerMark, customerId: CustomerId, limit = 10) =>
    stores().marks.listOthers(mark, customerId, limit);

  describe("the index of employers", () => {
    it.each(["company", "source"] as const)("keeps a customer's own apart from the others' (%s)", async (kind) => {
      const mark = aMark({ kind });
      // Ids of which one begins like another, and that sort before and after.
      const [id, suffix] = ["acme" as CustomerId, randomUUID()];
      const all = ["acme", "acme!", "acme-1", "acm", "acmf", "acme~"].map((name) =>
        aMarked({ customerId: `${suffix}.${name}` as CustomerId }),
      );
      const mine = aMarked({ customerId: `${suffix}.${id}` as CustomerId });
      await put(mark, mine, ...all);
      const [first = mine, ...rest] = all;
      const byConnection = (a: MarkedConnection, b: MarkedConnection) => (a.connectionId < b.connectionId ? -1 : 1);
      expect((await own(mark, first.customerId)).toSorted(byConnection)).toEqual([mine, first].toSorted(byConnection));
      expect((await others(mark, first.customerId)).toSorted(byConnection)).toEqual(rest.toSorted(byConnection));
    });

    it("knows a mark by its kind, its provider and its value", async () => {
      const [mark, marked] = [aMark(), aMarked()];
      await put(mark, marked);
      for (const other of [{ kind: "source" }, { providerId: "gust" }, { value: `${mark.value}0` }] as const) {
        expect(await own({ ...mark, ...other }, marked.customerId)).toEqual([]);
      }
      expect(await own(mark, marked.customerId)).toEqual([marked]);
    });

    it("lists so many at most, and reads no more", async () => {
      const [mark, customerId] = [aMark(), newCustomerId()];
      await put(mark, ...[1, 2, 3, 4].map(() => aMarked({ customerId })));
      await put(mark, ...[1, 2, 3, 4].map(() => aMarked()));
      const before = stores().itemsRead();
      expect(await own(mark, customerId, 2)).toHaveLength(2);
      expect(stores().itemsRead() - before).toBe(2);
      expect((await others(mark, customerId, 1)).length).toBeLessThanOrEqual(2);
      expect(stores().itemsRead() - before).toBeLessThanOrEqual(4);
    });

    it("holds a connection once, in the life that was put last", async () => {
      const [mark, marked] = [aMark(), aMarked()];
      const again = { ...marked, madeAt: afterNoon(1) };
      await put(mark, marked, marked, again);
      expect(await own(mark, marked.customerId)).toEqual([again]);
    });

    it("removes what is of this life, and nothing else", async () => {
      const [mark, marked] = [aMark(), aMarked()];
      await put(mark, marked);
      await stores().marks.remove(mark, { ...marked, madeAt: afterNoon(1) });
      expect(await own(mark, marked.customerId)).toEqual([marked]);
      await stores().marks.remove(mark, marked);
      await stores().marks.remove(mark, marked);
      expect(await own(mark, marked.customerId)).toEqual([]);
    });
  });

  describe("a change of several connections", () => {
    const several = async (number: number) => {
      const customerId = await aKnownCustomer();
      const all = [];
      for (let index = 0; index < number; index += 1) all.push((await aClaimedConnection({ customerId })).connection);
      return all;
    };
    const find = (all: Awaited<ReturnType<typeof several>>) =>
      Promise.all(all.map(({ customerId, connectionId }) => stores().connections.find(customerId, connectionId)));

    it("is made in all of them, with its events", async () => {
      const all = await several(3);
      const next = all.map((each) => ({ ...each, label: "new", version: each.version + 1 }));
      const events = next.map(anEvent);
      expect(await stores().connections.replaceTogether(next, events)).toBe(true);
      expect(await find(all)).toEqual(next);
      for (const event of events) expect(await stores().outbox.find(event.eventId)).toEqual(event);
    });

    it("is made in none when one is another version, or not there", async () => {
      const all = await several(2);
      const next = all.map((each) => ({ ...each, label: "new", version: each.version + 1 }));
      const [one, two] = next;
      const event = anEvent(all[0] ?? aConnection());
      const stale = two && { ...two, version: two.version + 1 };
      const gone = aConnection({ version: 5 });
      for (const other of [stale, gone]) {
        expect(
          await stores().connections.replaceTogether(
            [one, other].flatMap((each) => each ?? []),
            [event],
          ),
        ).toBe(false);
      }
      expect(await find(all)).toEqual(all);
      expect(await stores().outbox.find(event.eventId)).toBeUndefined();
    });

    it("has room for as many as are ever marked together", async () => {
      const all = await several(41);
      const next = all.map((each) => ({ ...each, version: each.version + 1 }));
      expect(await stores().connections.replaceTogether(next, next.map(anEvent))).toBe(true);
    });
  });
};
