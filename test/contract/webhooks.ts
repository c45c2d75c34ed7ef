import { describe, expect, it } from "vitest";
import { afterNoon, minute, newConnectionId, newTokenId } from "../support/builders.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What the memory of webhooks promises. Hours are long before those of all other tests, and each test has its own. */
export const describeWebhooks = (stores: () => OpenedStores): void => {
  const anHour = () => new Date(Math.floor((Math.random() * 1e12) / 3_600_000) * 3_600_000);
  const later = (moment: Date, milliseconds: number) => new Date(moment.getTime() + milliseconds);

  describe("webhooks that were seen", () => {
    it("are none that nobody has marked", async () => {
      expect(await stores().webhooks.hasSeen(newTokenId())).toBe(false);
    });
  });

  describe("a connection that nobody has", () => {
    it("is parked once, with when it was first and last told of and how often", async () => {
      const connectionId = newConnectionId();
      const first = afterNoon(0);
      const last = afterNoon(5 * minute);
      expect(await stores().webhooks.park(connectionId, first)).toBe("parked");
      expect(await stores().webhooks.park(connectionId, afterNoon(minute))).toBe("parked");
      expect(await stores().webhooks.park(connectionId, last)).toBe("parked");
      expect(await stores().findParked(connectionId)).toEqual({ firstSeenAt: first, lastSeenAt: last, count: 3 });
    });

    it("is not parked when its hour has enough; one that is parked is counted on, and the next hour has room", async () => {
      const hour = anHour();
      const [known, ...others] = Array.from({ length: 4 }, newConnectionId);
      if (known === undefined) return expect.fail();
      const park = (connectionId: typeof known, at: Date) => stores().webhooks.park(connectionId, at, 2);
      expect(await park(known, hour)).toBe("parked");
      const answers = [];
      for (const each of others) answers.push(await park(each, later(hour, minute)));
      expect(answers).toEqual(["parked", "full", "full"]);
      expect(await park(known, later(hour, 2 * minute))).toBe("parked");
      const [, turnedAway] = others;
      if (turnedAway === undefined) return expect.fail();
      expect(await stores().findParked(turnedAway)).toBeUndefined();
      expect(await park(turnedAway, later(hour, 60 * minute - 1))).toBe("full");
      expect(await park(turnedAway, later(hour, 60 * minute))).toBe("parked");
    });

    it("is never parked beyond the hour's number, however many come at once", async () => {
      const hour = anHour();
      const all = Array.from({ length: 12 }, newConnectionId);
      // Contention throws; the message would come again.
      const settled = await Promise.allSettled(all.map((each) => stores().webhooks.park(each, hour, 5)));
      const parked = settled.filter((each) => each.status === "fulfilled" && each.value === "parked");
      const stored = await Promise.all(all.map((each) => stores().findParked(each)));
      expect(stored.filter((each) => each !== undefined)).toHaveLength(parked.length);
      expect(parked.length).toBeLessThanOrEqual(5);
      expect(parked.length).toBeGreaterThan(0);
    });
  });
};
