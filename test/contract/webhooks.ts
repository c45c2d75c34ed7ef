import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import type { SettledHint } from "#shared/connection/webhook-ports.ts";
import {
  aClaim,
  afterNoon,
  aTokenRecord,
  minute,
  newConnectionId,
  newTokenId,
  withAnotherToken,
} from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What the memory of webhooks promises. Hours are long before those of all other tests, and each test has its own. */
export const describeWebhooks = (stores: () => OpenedStores): void => {
  const { aClaimedConnection } = createClaimSetting(stores);
  const anHour = () => new Date(Math.floor((Math.random() * 1e12) / 3_600_000) * 3_600_000);
  const later = (moment: Date, milliseconds: number) => new Date(moment.getTime() + milliseconds);

  describe("webhooks that were seen", () => {
    it("are none that nobody has marked", async () => {
      expect(await stores().webhooks.hasSeen(newTokenId())).toBe(false);
    });
  });

  describe("a change that settles a hint", () => {
    const replaced = async (settled: SettledHint, version: (connection: Connection) => number) => {
      const { connection } = await aClaimedConnection();
      await stores().webhooks.park(connection.connectionId, settled.now);
      const next = { ...connection, version: version(connection) };
      const done = await stores().connections.replace(next, [], [], settled);
      const isParked = (await stores().findParked(connection.connectionId)) !== undefined;
      return { done, isParked, isSeen: await stores().webhooks.hasSeen(settled.finchEventId ?? "") };
    };
    const settled = () => ({ finchEventId: `msg_${newTokenId()}`, unparks: true, now: anHour() });
    const nextVersion = ({ version }: Connection) => version + 1;

    it("marks the webhook as seen and forgets that the connection was parked, with the change", async () => {
      expect(await replaced(settled(), nextVersion)).toEqual({ done: true, isParked: false, isSeen: true });
    });

    it("does neither without the change", async () => {
      const stale = ({ version }: Connection) => version;
      expect(await replaced(settled(), stale)).toEqual({ done: false, isParked: true, isSeen: false });
    });

    it("leaves what it does not settle", async () => {
      const found = await replaced({ ...settled(), unparks: false }, nextVersion);
      expect(found).toEqual({ done: true, isParked: true, isSeen: true });
      const other = { finchEventId: undefined, unparks: true, now: anHour() };
      expect(await replaced(other, nextVersion)).toEqual({ done: true, isParked: false, isSeen: false });
    });
  });

  describe("the owner of a connection", () => {
    it("is found with the newest tokens, five at most, as of the last claim", async () => {
      let { connection } = await aClaimedConnection();
      const owner = () => stores().connections.findOwnership(connection.connectionId);
      const { customerId } = connection;
      const idsOf = ({ tokens }: Connection) => tokens.map(({ tokenId }) => tokenId);
      expect(await owner()).toEqual({ customerId, tokenIds: idsOf(connection) });
      for (let index = 0; index < 5; index += 1) {
        connection = withAnotherToken(connection, aTokenRecord());
        await stores().connections.claim(aClaim(connection));
      }
      expect(await owner()).toEqual({ customerId, tokenIds: idsOf(connection).slice(1) });
      expect(await stores().connections.findOwnership(newConnectionId())).toBeUndefined();
    });

    it("is found alone, too, and is nobody any more once Finch has confirmed a disconnect", async () => {
      const { connection } = await aClaimedConnection();
      const { customerId, connectionId } = connection;
      const { connections } = stores();
      expect(await connections.findOwner(connectionId)).toBe(customerId);
      expect(await connections.findOwner(newConnectionId())).toBeUndefined();
      const tombstone = { customerHash: "hash", disconnectedAt: afterNoon(minute) };
      expect(await connections.remove(connection, { tombstone, counts: true, events: [] })).toBe(true);
      expect(await connections.findOwner(connectionId)).toBe("disconnected");
      expect(await connections.findOwnership(connectionId)).toBe("disconnected");
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

    it("is parked for each who comes with it, however many at once", async () => {
      const [hour, connection] = [anHour(), newConnectionId()];
      const all = await Promise.all(Array.from({ length: 6 }, () => stores().webhooks.park(connection, hour)));
      expect(new Set(all)).toEqual(new Set(["parked"]));
      expect(await stores().findParked(connection)).toMatchObject({ count: 6 });
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
