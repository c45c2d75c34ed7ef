import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import {
  aClaim,
  aConnection,
  afterNoon,
  anEvent,
  aTokenRecord,
  minute,
  newConnectionId,
  withAnotherToken,
} from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

const tombstone = { customerHash: "keyed-hash", disconnectedAt: afterNoon(minute) };

/** What a store of connections promises of removing one, and of what may come after it. */
export const describeConnectionRemovals = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection } = createClaimSetting(stores);

  const twoTokens = async (changes: Partial<Connection> = {}): Promise<Connection> => {
    const first = await aClaimedConnection(changes);
    const connection = withAnotherToken(first.connection, aTokenRecord());
    const claimed = await stores().connections.claim(aClaim(connection));
    return claimed.ok ? connection : expect.fail(claimed.refusal.reason);
  };
  /** All that is left of a connection. */
  const look = async ({ customerId, connectionId, tokens }: Connection) => ({
    connection: await stores().connections.find(customerId, connectionId),
    owner: await stores().findOwner(connectionId),
    tombstone: await stores().findTombstone(connectionId),
    tokens: (
      await Promise.all(tokens.map(({ tokenId }) => stores().connections.findToken(customerId, connectionId, tokenId)))
    ).filter((token) => token !== undefined).length,
    count: (await stores().customers.find(customerId))?.connectionCount,
  });

  describe("the removal of a connection", () => {
    it.each([
      ["frees its owner", null],
      ["leaves a tombstone", tombstone],
    ])("takes its tokens along, counts it out, tells of it, and %s", async (_, left) => {
      const connection = await twoTokens();
      const event = anEvent(connection);
      const removal = { tombstone: left, counts: true, events: [event] };
      expect(await stores().connections.remove(connection, removal)).toBe(true);
      expect(await look(connection)).toEqual({
        connection: undefined,
        owner: undefined,
        tombstone: left ?? undefined,
        tokens: 0,
        count: 0,
      });
      expect(await stores().outbox.find(event.eventId)).toEqual(event);
      expect(await stores().connections.remove(connection, { ...removal, events: [] })).toBe(false);
    });

    it("does not count out what did not count", async () => {
      const customerId = await aKnownCustomer();
      await aClaimedConnection({ customerId });
      const held = await twoTokens({ customerId, heldReason: "customer_mismatch" });
      expect(await stores().connections.remove(held, { tombstone: null, counts: false, events: [] })).toBe(true);
      expect(await look(held)).toMatchObject({ connection: undefined, tokens: 0, count: 1 });
    });

    it.each([-1, 1])("does not happen when the version is another one by now (%i)", async (difference) => {
      const connection = await twoTokens();
      const event = anEvent(connection);
      const before = await look(connection);
      const other = { ...connection, version: connection.version + difference };
      for (const left of [null, tombstone]) {
        const removal = { tombstone: left, counts: true, events: [event] };
        expect(await stores().connections.remove(other, removal)).toBe(false);
      }
      expect(await look(connection)).toEqual(before);
      expect(await stores().outbox.find(event.eventId)).toBeUndefined();
    });

    it("does not happen to what is not there", async () => {
      const connection = aConnection({ customerId: await aKnownCustomer() });
      expect(await stores().connections.remove(connection, { tombstone, counts: false, events: [] })).toBe(false);
      expect(await look(connection)).toMatchObject({ owner: undefined, tombstone: undefined, count: 0 });
    });

    it("does not happen for another customer", async () => {
      const connection = await twoTokens();
      const before = await look(connection);
      const stolen = { ...connection, customerId: (await aClaimedConnection()).connection.customerId };
      expect(await stores().connections.remove(stolen, { tombstone: null, counts: true, events: [] })).toBe(false);
      expect(await look(connection)).toEqual(before);
    });

    it("does not happen when an event cannot be stored", async () => {
      const connection = await twoTokens();
      const before = await look(connection);
      const { events } = await aClaimedConnection();
      expect(await stores().connections.remove(connection, { tombstone, counts: true, events })).toBe(false);
      expect(await look(connection)).toEqual(before);
    });

    it("happens once for two at the same time", async () => {
      const connection = await twoTokens();
      const removed = await Promise.all(
        [1, 2].map(() => stores().connections.remove(connection, { tombstone, counts: true, events: [] })),
      );
      expect(removed.toSorted()).toEqual([false, true]);
      expect(await look(connection)).toMatchObject({ connection: undefined, tombstone, count: 0 });
    });

    it("leaves the customer's other connections as they are", async () => {
      const connection = await twoTokens();
      const other = await twoTokens({ customerId: connection.customerId, connectionId: newConnectionId() });
      const before = await look(other);
      await stores().connections.remove(connection, { tombstone, counts: true, events: [] });
      expect(await look(other)).toEqual({ ...before, count: 1 });
    });
  });

  describe("a connection that comes again after its removal", () => {
    it.each([
      ["the same", "was discarded", null],
      ["another", "was discarded", null],
      ["the same", "was disconnected", tombstone],
      ["another", "was disconnected", tombstone],
    ])("is %s customer's as a new one, when it %s", async (whose, _, left) => {
      const connection = await twoTokens();
      await stores().connections.remove(connection, { tombstone: left, counts: true, events: [] });
      const customerId = whose === "the same" ? connection.customerId : await aKnownCustomer();
      const again = aConnection({ customerId, connectionId: connection.connectionId });
      expect(await stores().connections.claim(aClaim(again))).toEqual({ ok: true, value: undefined });
      expect(await look(again)).toEqual({
        connection: again,
        owner: customerId,
        tombstone: undefined,
        tokens: 1,
        count: 1,
      });
    });

    it("is not changed by anybody who read it before its removal", async () => {
      const connection = await twoTokens({ heldReason: "wrong_account" });
      await stores().connections.remove(connection, { tombstone: null, counts: false, events: [] });
      const again = aConnection({
        customerId: connection.customerId,
        connectionId: connection.connectionId,
        // So soon that it begins with the number that the former life ended with.
        createdAt: new Date(connection.version),
      });
      await stores().connections.claim(aClaim(again));
      expect(again.version).toBe(connection.version);
      const before = await look(again);
      const late = { ...connection, heldReason: null, version: connection.version + 1 };
      expect(await stores().connections.release(late, [])).toEqual({ ok: false, refusal: "changed" });
      expect(await stores().connections.replace(late, [])).toBe(false);
      expect(await stores().connections.remove(connection, { tombstone, counts: true, events: [] })).toBe(false);
      const claimed = await stores().connections.claim(aClaim(withAnotherToken(connection)));
      expect(claimed).toEqual({ ok: false, refusal: { reason: "connection_changed", connection: again } });
      expect(await look(again)).toEqual(before);
    });

    it("cannot be claimed as a later version of what was removed", async () => {
      const connection = await twoTokens();
      await stores().connections.remove(connection, { tombstone, counts: true, events: [] });
      const late = await stores().connections.claim(aClaim(withAnotherToken(connection)));
      expect(late).toEqual({ ok: false, refusal: { reason: "connection_changed", connection: undefined } });
      expect(await look(connection)).toMatchObject({ connection: undefined, owner: undefined, tombstone });
    });
  });
};
