import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import {
  aClaim,
  aConnection,
  aDisconnect,
  afterNoon,
  anEvent,
  aTokenRecord,
  minute,
  withAnotherToken,
} from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of connections promises of tokens that are superseded, and of a held connection that comes into use. */
export const describeConnectionChanges = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection } = createClaimSetting(stores);
  const find = ({ customerId, connectionId }: Connection) => stores().connections.find(customerId, connectionId);
  const tokenIdsLeft = async ({ customerId, connectionId, tokens }: Connection) => {
    const found = await Promise.all(
      tokens.map(({ tokenId }) => stores().connections.findToken(customerId, connectionId, tokenId)),
    );
    return found.flatMap((token) => token?.record.tokenId ?? []);
  };
  const countOf = async ({ customerId }: Connection) =>
    (await stores().customers.find(customerId))?.connectionCount ?? expect.fail();
  const next = (connection: Connection, changes: Partial<Connection> = {}): Connection => ({
    ...connection,
    ...changes,
    updatedAt: afterNoon(minute),
    version: connection.version + 1,
  });

  /** A connection with so many tokens, each of which came with a claim. */
  const withTokens = async (count: number): Promise<Connection> => {
    let { connection } = await aClaimedConnection();
    for (let index = 1; index < count; index += 1) {
      connection = withAnotherToken(connection, aTokenRecord());
      const claimed = await stores().connections.claim(aClaim(connection));
      if (!claimed.ok) expect.fail(claimed.refusal.reason);
    }
    return connection;
  };

  describe("superseded tokens", () => {
    it("go with the version that no longer names them; the others stay", async () => {
      const connection = await withTokens(4);
      const [first, second, third, last] = connection.tokens.map(({ tokenId }) => tokenId);
      const after = next(connection, { tokens: connection.tokens.slice(2) });
      const event = anEvent(after);
      expect(
        await stores().connections.replace(
          after,
          [event],
          [first, second].flatMap((each) => each ?? []),
        ),
      ).toBe(true);
      expect(await find(connection)).toEqual(after);
      expect(await tokenIdsLeft(connection)).toEqual([third, last]);
      expect(await stores().outbox.find(event.eventId)).toEqual(event);
    });

    it("stay when the version is another one by now", async () => {
      const connection = await withTokens(2);
      const [first] = connection.tokens;
      const after = { ...next(connection, { tokens: connection.tokens.slice(1) }), version: connection.version + 2 };
      const event = anEvent(after);
      expect(await stores().connections.replace(after, [event], first && [first.tokenId])).toBe(false);
      expect(await find(connection)).toEqual(connection);
      expect(await tokenIdsLeft(connection)).toHaveLength(2);
      expect(await stores().outbox.find(event.eventId)).toBeUndefined();
    });

    it("stay when an event cannot be stored", async () => {
      const connection = await withTokens(2);
      const other = await aClaimedConnection();
      const [first] = connection.tokens;
      const after = next(connection, { tokens: connection.tokens.slice(1) });
      expect(await stores().connections.replace(after, other.events, first && [first.tokenId])).toBe(false);
      expect(await tokenIdsLeft(connection)).toHaveLength(2);
    });

    it("are taken by one of two who would each take the other's", async () => {
      const connection = await withTokens(2);
      const [first, second] = connection.tokens;
      const replaced = await Promise.all([
        stores().connections.replace(
          next(connection, { tokens: second ? [second] : [] }),
          [],
          first && [first.tokenId],
        ),
        stores().connections.replace(
          next(connection, { tokens: first ? [first] : [] }),
          [],
          second && [second.tokenId],
        ),
      ]);
      expect(replaced.toSorted()).toEqual([false, true]);
      const stored = (await find(connection)) ?? expect.fail();
      expect(stored.tokens).toHaveLength(1);
      expect(await tokenIdsLeft(connection)).toEqual(stored.tokens.map(({ tokenId }) => tokenId));
    });

    it("that are gone already do not matter", async () => {
      const connection = await withTokens(1);
      const { tokenId } = aTokenRecord();
      expect(await stores().connections.replace(next(connection), [], [tokenId])).toBe(true);
    });
  });

  describe("a held connection that is released", () => {
    const held = (changes: Partial<Connection> = {}) => aClaimedConnection({ heldReason: "wrong_account", ...changes });
    const released = (connection: Connection) => next(connection, { heldReason: null });

    it("comes into use, counts, and is told of", async () => {
      const { connection } = await held();
      const after = released(connection);
      const event = anEvent(after);
      expect(await countOf(connection)).toBe(0);
      expect(await stores().connections.release(after, [event])).toEqual({ ok: true, value: undefined });
      expect([await find(connection), await countOf(connection)]).toEqual([after, 1]);
      expect(await stores().outbox.find(event.eventId)).toEqual(event);
    });

    it("is the only one of a customer in mode single", async () => {
      const customerId = await aKnownCustomer("single");
      const [one, two] = [await held({ customerId }), await held({ customerId })];
      expect(await stores().connections.release(released(one.connection), [])).toMatchObject({ ok: true });
      const event = anEvent(two.connection);
      const refused = await stores().connections.release(released(two.connection), [event]);
      expect(refused).toEqual({ ok: false, refusal: "connection_limit" });
      expect([await find(two.connection), await countOf(two.connection)]).toEqual([two.connection, 1]);
      expect(await stores().outbox.find(event.eventId)).toBeUndefined();
    });

    it("is refused when the version is another one by now, also over the limit", async () => {
      const customerId = await aKnownCustomer("single");
      await aClaimedConnection({ customerId });
      const { connection } = await held({ customerId });
      const after = { ...released(connection), version: 3 };
      expect(await stores().connections.release(after, [])).toEqual({ ok: false, refusal: "changed" });
      expect([await find(connection), await countOf(connection)]).toEqual([connection, 1]);
    });

    it("is refused when it is not there", async () => {
      const connection = aConnection({ customerId: await aKnownCustomer(), version: 2 });
      expect(await stores().connections.release(connection, [])).toEqual({ ok: false, refusal: "changed" });
      expect([await find(connection), await countOf(connection)]).toEqual([undefined, 0]);
    });

    it("is one of ten in mode single, when all are released at once", async () => {
      const customerId = await aKnownCustomer("single");
      const all: Connection[] = [];
      for (let index = 0; index < 10; index += 1) all.push((await held({ customerId })).connection);
      const release = async (connection: Connection): Promise<string> => {
        for (;;) {
          const result = await stores().connections.release(released(connection), []);
          if (result.ok) return "released";
          // Nothing else changes these connections: it was contention only.
          if (result.refusal === "connection_limit") return result.refusal;
        }
      };
      const results = await Promise.all(all.map(release));
      expect(results.toSorted()).toEqual([...Array(9).fill("connection_limit"), "released"]);
      expect(await stores().customers.find(customerId)).toMatchObject({ connectionCount: 1 });
    });
  });

  describe("a disconnect that is asked for", () => {
    it("is stored with the connection, and counts on until it is removed", async () => {
      const { connection } = await aClaimedConnection();
      const disconnect = aDisconnect({ attempts: 3, nextAttemptAt: afterNoon(minute) });
      const after = next(connection, { disconnect });
      expect(await stores().connections.replace(after, [])).toBe(true);
      expect([await find(connection), await countOf(connection)]).toEqual([after, 1]);
    });
  });
};
