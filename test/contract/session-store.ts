import { describe, expect, it } from "vitest";
import {
  type ConnectSession,
  endSession,
  type SessionEnd,
  type SessionFailure,
} from "#shared/connection/connect-session.ts";
import {
  aConnection,
  afterNoon,
  anEvent,
  anOpening,
  aSession,
  minute,
  newConnectionId,
  newSessionId,
  newTokenId,
} from "../support/builders.ts";
import { storeSession } from "../support/store-session.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of Connect sessions promises, but for the beginning of an exchange. */
export const describeSessionStore = (stores: () => OpenedStores): void => {
  const created = async (changes: Partial<ConnectSession> = {}) => {
    const session = aSession(changes);
    await storeSession(stores(), session);
    return session;
  };
  const find = (session: ConnectSession) => stores().sessions.find(session.sessionId);
  const exchange = {
    stateHash: "hash-of-state",
    holderHash: "hash-of-cookie",
    codeHash: "hash-of-code",
    attempt: 1,
    leaseUntil: afterNoon(minute),
  };
  const failed = (reason: SessionFailure): SessionEnd => ({ status: "failed", reason });

  describe("Connect sessions", () => {
    it("finds no session that was not created", async () => {
      expect(await stores().sessions.find(newSessionId())).toBeUndefined();
    });

    it.each<[string, Partial<ConnectSession>]>([
      ["with all that a new one has", {}],
      ["without what may be left out", { integration: null, returnUrl: null }],
      ["without an authentication method", { integration: { provider: "gusto", authMethod: null } }],
      ["that is exchanging", { status: "exchanging", exchange, version: 3 }],
      [
        "that failed",
        { status: "failed", exchange, failureReason: "token_lost", endedAt: afterNoon(minute), version: 4 },
      ],
      ["with openings", { openings: [anOpening(), anOpening({ stateHash: "another", openedAt: afterNoon(1) })] }],
    ])("gives back a session %s", async (_, changes) => {
      const session = await created(changes);
      expect(await find(session)).toEqual(session);
    });

    it("creates a session once", async () => {
      const session = await created();
      await expect(stores().sessions.create({ ...session, status: "cancelled" })).rejects.toThrow();
      expect(await find(session)).toEqual(session);
    });

    it("replaces the openings of an open session", async () => {
      const session = await created({ openings: [anOpening({ stateHash: "former" })] });
      const openings = [anOpening(), anOpening({ stateHash: "another", openedAt: afterNoon(1) })];
      expect(await stores().sessions.replaceOpenings(session, openings)).toBe(true);
      expect(await find(session)).toEqual({ ...session, openings, version: 2 });
      expect(await stores().sessions.replaceOpenings({ ...session, version: 2 }, [])).toBe(true);
      expect(await find(session)).toEqual({ ...session, openings: [], version: 3 });
    });

    it("does not replace the openings of a session that changed since it was read", async () => {
      const session = await created({ version: 2 });
      expect(await stores().sessions.replaceOpenings({ ...session, version: 1 }, [anOpening()])).toBe(false);
      expect(await find(session)).toEqual(session);
    });

    it.each(["exchanging", "completed", "failed", "cancelled"] as const)(
      "does not replace the openings of a session that is %s",
      async (status) => {
        const session = await created({ status });
        expect(await stores().sessions.replaceOpenings(session, [anOpening()])).toBe(false);
        expect(await find(session)).toEqual(session);
      },
    );

    it("does not replace the openings of a session that is not there", async () => {
      const session = aSession();
      expect(await stores().sessions.replaceOpenings(session, [anOpening()])).toBe(false);
      expect(await find(session)).toBeUndefined();
    });

    it("lets one of two who read the same version replace the openings", async () => {
      const session = await created();
      const replaced = await Promise.all(
        ["one", "two"].map((stateHash) => stores().sessions.replaceOpenings(session, [anOpening({ stateHash })])),
      );
      expect(replaced.toSorted()).toEqual([false, true]);
      expect(await find(session)).toMatchObject({ openings: [{ stateHash: replaced[0] ? "one" : "two" }], version: 2 });
    });
  });

  describe("the end of a Connect session", () => {
    const now = afterNoon(2 * minute);

    it("ends an exchanging session with its events", async () => {
      const session = await created({ status: "exchanging", exchange, version: 3 });
      const events = [anEvent(aConnection()), anEvent(aConnection())];
      expect(await stores().sessions.end(session, { end: failed("invalid_grant"), token: null, now, events })).toBe(
        true,
      );
      expect(await find(session)).toEqual({
        ...session,
        status: "failed",
        failureReason: "invalid_grant",
        endedAt: now,
        version: 4,
      });
      for (const event of events) expect(await stores().outbox.find(event.eventId)).toEqual(event);
    });

    it.each(["open", "completed", "failed", "cancelled"] as const)(
      "does not end a session that is %s, and tells nobody",
      async (status) => {
        const session = await created({ status });
        const event = anEvent(aConnection());
        expect(
          await stores().sessions.end(session, { end: failed("token_lost"), token: null, now, events: [event] }),
        ).toBe(false);
        expect(await find(session)).toEqual(session);
        expect(await stores().outbox.find(event.eventId)).toBeUndefined();
      },
    );

    it("does not end a session that has begun again since it was read", async () => {
      const session = await created({ status: "exchanging", exchange, version: 3 });
      const event = anEvent(aConnection());
      const before = { ...session, version: 2 };
      const ending = { end: failed("token_lost"), token: null, now, events: [event] };
      expect(await stores().sessions.end(before, ending)).toBe(false);
      expect(await find(session)).toEqual(session);
      expect(await stores().outbox.find(event.eventId)).toBeUndefined();
    });

    it("completes a session with what it brought, and fails one without", async () => {
      const token = { connectionId: newConnectionId(), tokenId: newTokenId() };
      const end = { status: "completed", outcome: "known" } as const;
      for (const each of [end, failed("connection_disconnecting")]) {
        const session = await created({ status: "exchanging", exchange, version: 3 });
        expect(await stores().sessions.end(session, { end: each, token, now, events: [] })).toBe(true);
        expect(await find(session)).toEqual(endSession(session, each, token, now));
      }
    });

    it("does not end a session that is not there", async () => {
      const session = aSession({ status: "exchanging" });
      expect(await stores().sessions.end(session, { end: failed("token_lost"), token: null, now, events: [] })).toBe(
        false,
      );
      expect(await find(session)).toBeUndefined();
    });

    it("ends nothing if one of the events cannot be stored", async () => {
      const session = await created({ status: "exchanging", exchange });
      const [fresh, taken] = [anEvent(aConnection()), anEvent(aConnection())];
      const other = await created({ status: "exchanging", exchange });
      await stores().sessions.end(other, { end: failed("token_lost"), token: null, now, events: [taken] });
      const failing = stores().sessions.end(session, {
        end: failed("token_lost"),
        token: null,
        now,
        events: [fresh, taken],
      });
      await expect(failing).rejects.toThrow();
      expect(await find(session)).toEqual(session);
      expect(await stores().outbox.find(fresh.eventId)).toBeUndefined();
    });
  });
};
