import { describe, expect, it } from "vitest";
import {
  aConnection,
  afterNoon,
  anEvent,
  minute,
  newConnectionId,
  newTokenId,
  nthVersion,
} from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of connections promises of reading one, and of replacing it. */
export const describeConnectionReads = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection } = createClaimSetting(stores);

  describe("connections", () => {
    it("finds a connection and its token for its own customer", async () => {
      const { connection, token } = await aClaimedConnection();
      const { customerId, connectionId } = connection;
      expect(await stores().connections.find(customerId, connectionId)).toEqual(connection);
      const found = await stores().connections.findToken(customerId, connectionId, token.record.tokenId);
      expect(found).toMatchObject({ customerId, connectionId, record: token.record });
    });

    it("finds nothing for another customer, under another connection, or under another token's id", async () => {
      const { connection, token } = await aClaimedConnection();
      const { customerId, connectionId } = connection;
      const other = await aClaimedConnection();
      const stranger = other.connection.customerId;
      const { connections } = stores();
      expect(await connections.find(stranger, connectionId)).toBeUndefined();
      expect(await connections.find(customerId, newConnectionId())).toBeUndefined();
      const { tokenId } = token.record;
      expect(await connections.findToken(stranger, connectionId, tokenId)).toBeUndefined();
      expect(await connections.findToken(customerId, other.connection.connectionId, tokenId)).toBeUndefined();
      expect(await connections.findToken(customerId, connectionId, newTokenId())).toBeUndefined();
    });

    it("replaces a connection as a whole, with its events", async () => {
      const { connection } = await aClaimedConnection();
      const next = {
        ...connection,
        finchStatus: "reauth",
        username: null,
        entities: [],
        introspectedAt: afterNoon(minute),
        updatedAt: afterNoon(minute),
        version: nthVersion(2),
      };
      const events = [anEvent(next), anEvent(next)];
      expect(await stores().connections.replace(next, events)).toBe(true);
      expect(await stores().connections.find(connection.customerId, connection.connectionId)).toEqual(next);
      for (const event of events) expect(await stores().outbox.find(event.eventId)).toEqual(event);
    });

    it.each([1, 3])("does not replace version 1 by version %i, and tells nobody", async (nth) => {
      const { connection } = await aClaimedConnection();
      const next = { ...connection, finchStatus: "reauth", version: nthVersion(nth) };
      const event = anEvent(next);
      expect(await stores().connections.replace(next, [event])).toBe(false);
      expect(await stores().connections.find(connection.customerId, connection.connectionId)).toEqual(connection);
      expect(await stores().outbox.find(event.eventId)).toBeUndefined();
    });

    it("does not make a connection by replacing one that is not there", async () => {
      const customerId = await aKnownCustomer();
      const connection = aConnection({ customerId, version: nthVersion(2) });
      expect(await stores().connections.replace(connection, [])).toBe(false);
      expect(await stores().connections.find(customerId, connection.connectionId)).toBeUndefined();
    });

    it("replaces nothing if an event cannot be stored", async () => {
      const { connection, events } = await aClaimedConnection();
      const next = { ...connection, finchStatus: "reauth", version: nthVersion(2) };
      const fresh = anEvent(next);
      expect(await stores().connections.replace(next, [fresh, ...events])).toBe(false);
      expect(await stores().connections.find(connection.customerId, connection.connectionId)).toEqual(connection);
      expect(await stores().outbox.find(fresh.eventId)).toBeUndefined();
    });

    it("lets one of two who read the same version replace it", async () => {
      const { connection } = await aClaimedConnection();
      const write = (finchStatus: string) =>
        stores().connections.replace({ ...connection, finchStatus, version: nthVersion(2) }, []);
      const replaced = await Promise.all([write("pending"), write("processing")]);
      expect(replaced.toSorted()).toEqual([false, true]);
      const stored = await stores().connections.find(connection.customerId, connection.connectionId);
      expect(stored?.finchStatus).toBe(replaced[0] ? "pending" : "processing");
    });
  });
};
