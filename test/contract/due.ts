import { describe, expect, it } from "vitest";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { Connection } from "#shared/connection/connection.ts";
import {
  aClaim,
  aConnection,
  aDisconnect,
  afterNoon,
  anEntityDisconnect,
  anEvent,
  anOpening,
  aSession,
  minute,
  newConnectionId,
  newTokenId,
  nthVersion,
} from "../support/builders.ts";
import { storeSession } from "../support/store-session.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What the list of what falls due and the outbox promise. Times are long before those of all other tests. */
export const describeDue = (stores: () => OpenedStores): void => {
  const { aKnownCustomer } = createClaimSetting(stores);
  const aMoment = () => new Date(Date.UTC(1980, 0, 1) + Math.floor(Math.random() * 1e11));
  const later = (moment: Date, milliseconds: number) => new Date(moment.getTime() + milliseconds);

  describe("exchanges that fall due", () => {
    const request = { stateHash: "my-state", holderHash: "my-cookie", codeHash: "my-code" };
    /** A session that began its exchange, with a lease until then. */
    const begun = async (leaseUntil: Date): Promise<ConnectSession> => {
      const { sessionId } = aSession();
      await storeSession(stores(), aSession({ sessionId, openings: [anOpening(request)] }));
      const now = later(leaseUntil, -minute);
      const result = await stores().sessions.beginExchange({ ...request, sessionId }, { now, leaseUntil });
      return result.ok ? result.value : expect.fail();
    };
    const isDue = async ({ sessionId }: ConnectSession, before: Date) =>
      (await stores().due.exchanges(before)).includes(sessionId);

    it("are those whose lease has ended by then", async () => {
      const at = aMoment();
      const session = await begun(at);
      expect([await isDue(session, later(at, -1)), await isDue(session, at)]).toEqual([false, true]);
    });

    it("fall due anew when they begin again", async () => {
      const at = aMoment();
      const session = await begun(at);
      const leaseUntil = later(at, 2 * minute);
      const { sessionId } = session;
      await stores().sessions.beginExchange({ ...request, sessionId }, { now: at, leaseUntil });
      expect([await isDue(session, later(leaseUntil, -1)), await isDue(session, leaseUntil)]).toEqual([false, true]);
    });

    it.each(["failed", "completed"] as const)("are due no more when they are %s", async (status) => {
      const at = aMoment();
      const session = await begun(at);
      const end = status === "failed" ? { status, reason: "token_lost" } : { status, outcome: "known" };
      const token = { connectionId: newConnectionId(), tokenId: newTokenId() };
      await stores().sessions.end(session, { end: end as never, token, now: at, events: [] });
      expect(await isDue(session, at)).toBe(false);
    });

    it("are due no more when their token is claimed", async () => {
      const at = aMoment();
      const session = await begun(at);
      const ending = { session, end: { status: "completed", outcome: "connected" } } as const;
      await stores().connections.claim(aClaim(aConnection({ customerId: await aKnownCustomer() }), { ending }));
      expect(await isDue(session, at)).toBe(false);
    });

    it("come the oldest first, in a bounded number", async () => {
      const at = aMoment();
      const sessions = [];
      for (const offset of [3, 1, 2]) sessions.push(await begun(later(at, offset)));
      const found = await stores().due.exchanges(later(at, 3));
      for (const { sessionId } of sessions) expect(found).toContain(sessionId);
      expect(found.length).toBeLessThanOrEqual(200);
    });
  });

  describe("looks that fall due", () => {
    const connected = async (changes: Partial<Connection>) => {
      const connection = aConnection({ customerId: await aKnownCustomer(), ...changes });
      await stores().connections.claim(aClaim(connection));
      return connection;
    };
    const dueAt = async ({ connectionId }: Connection, before: Date) =>
      (await stores().due.checks(before, 10_000)).find((each) => each.connectionId === connectionId)?.dueAt;

    it("are those of connections whose next look has come by then", async () => {
      const at = aMoment();
      const connection = await connected({ nextCheckAt: at });
      expect([await dueAt(connection, later(at, -1)), await dueAt(connection, at)]).toEqual([undefined, at]);
    });

    it("are no more than asked for, and have the oldest of all", async () => {
      const at = new Date(Date.UTC(1970, 0, 1));
      for (const offset of [3, 1, 2]) await connected({ nextCheckAt: later(at, offset) });
      const found = await stores().due.checks(later(at, 3), 2);
      expect(found[0]?.dueAt).toEqual(later(at, 1));
      expect(found.length).toBeLessThanOrEqual(2);
    });

    it.each([
      ["the connection", { disconnect: aDisconnect({ nextAttemptAt: afterNoon(-50 * 365 * 24 * 60 * minute) }) }],
      [
        "an entity",
        { entityDisconnects: [anEntityDisconnect({ nextAttemptAt: afterNoon(-50 * 365 * 24 * 60 * minute) })] },
      ],
    ])("are none while a disconnect of %s is under way, whose next attempt is due instead", async (_, changes) => {
      const connection = await connected({ nextCheckAt: aMoment(), ...changes });
      expect(await dueAt(connection, afterNoon(2 * minute))).toBeUndefined();
      const disconnects = await stores().due.disconnects(afterNoon(0));
      expect(disconnects.map((each) => each.connectionId)).toContain(connection.connectionId);
    });
  });

  describe("disconnects that fall due", () => {
    const ending = async (nextAttemptAt: Date) => {
      const customerId = await aKnownCustomer();
      const connection = aConnection({ customerId, disconnect: aDisconnect({ nextAttemptAt }) });
      await stores().connections.claim(aClaim(connection));
      return connection;
    };
    const isDue = async ({ customerId, connectionId }: { customerId: string; connectionId: string }, before: Date) =>
      (await stores().due.disconnects(before)).some(
        (each) => each.customerId === customerId && each.connectionId === connectionId,
      );

    it("are those whose next attempt has come by then", async () => {
      const at = aMoment();
      const connection = await ending(at);
      expect([await isDue(connection, later(at, -1)), await isDue(connection, at)]).toEqual([false, true]);
    });

    it("fall due later after an attempt", async () => {
      const at = aMoment();
      const connection = await ending(at);
      const disconnect = aDisconnect({ attempts: 1, nextAttemptAt: later(at, minute) });
      await stores().connections.replace({ ...connection, disconnect, version: nthVersion(2) }, []);
      expect([await isDue(connection, at), await isDue(connection, later(at, minute))]).toEqual([false, true]);
    });

    it("are due no more when the connection is removed", async () => {
      const at = aMoment();
      const connection = await ending(at);
      const tombstone = { customerHash: "keyed-hash", disconnectedAt: at };
      await stores().connections.remove(connection, { tombstone, counts: false, events: [] });
      expect(await isDue(connection, at)).toBe(false);
    });

    it("are none of connections that nobody asked to end", async () => {
      const connection = aConnection({ customerId: await aKnownCustomer() });
      await stores().connections.claim(aClaim(connection));
      expect(await isDue(connection, new Date("2039-01-01T00:00:00Z"))).toBe(false);
    });
  });

  describe("the outbox", () => {
    /** An event of that time, written with a change. */
    const written = async (time: Date) => {
      const connection = aConnection({ customerId: await aKnownCustomer() });
      const event = { ...anEvent(connection), time };
      await stores().connections.claim(aClaim(connection, { events: [event] }));
      return event;
    };

    it("gives an event back as it was written, as often as asked", async () => {
      const event = await written(aMoment());
      for (const _ of [1, 2]) expect(await stores().outbox.find(event.eventId)).toEqual(event);
    });

    it("has nothing that nobody wrote", async () => {
      expect(await stores().outbox.find(newTokenId())).toBeUndefined();
    });

    it("removes one event and no other, and does so again without complaint", async () => {
      const at = aMoment();
      const [event, other] = [await written(at), await written(at)];
      await stores().outbox.remove(event.eventId);
      await stores().outbox.remove(event.eventId);
      expect(await stores().outbox.find(event.eventId)).toBeUndefined();
      expect(await stores().outbox.find(other.eventId)).toEqual(other);
      const due = await stores().due.events(later(at, 5 * minute));
      expect([due.includes(event.eventId), due.includes(other.eventId)]).toEqual([false, true]);
    });

    it("lists an event that is five minutes old", async () => {
      const at = aMoment();
      const { eventId } = await written(at);
      const isDue = async (age: number) => (await stores().due.events(later(at, age))).includes(eventId);
      expect([await isDue(5 * minute - 1), await isDue(5 * minute)]).toEqual([false, true]);
    });
  });
};
