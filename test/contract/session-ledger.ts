import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { SessionPosition } from "#shared/connection/store-ports.ts";
import { afterNoon, anOpening, aSession, minute, newCustomerId, newSessionId } from "../support/builders.ts";
import { storeSession } from "../support/store-session.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of Connect sessions promises of cancelling one, and of a customer's list. */
export const describeSessionLedger = (stores: () => OpenedStores): void => {
  const now = afterNoon(minute);
  const created = async (changes: Partial<ConnectSession> = {}) => {
    const session = aSession(changes);
    await storeSession(stores(), session);
    return session;
  };
  const find = ({ sessionId }: ConnectSession) => stores().sessions.find(sessionId);
  const refusal = (session: ConnectSession) => ({ ok: false, refusal: { reason: "not_open", session } });

  describe("cancelling a Connect session", () => {
    it("ends an open one, with all its openings", async () => {
      const session = await created({ openings: [anOpening(), anOpening({ stateHash: "another" })] });
      const cancelled = { ...session, status: "cancelled", openings: [], endedAt: now, version: 2 };
      expect(await stores().sessions.cancel(session.sessionId, now)).toEqual({ ok: true, value: cancelled });
      expect(await find(session)).toEqual(cancelled);
    });

    it.each(["exchanging", "completed", "failed", "cancelled"] as const)("refuses one that is %s", async (status) => {
      const session = await created({ status });
      expect(await stores().sessions.cancel(session.sessionId, now)).toEqual(refusal(session));
      expect(await find(session)).toEqual(session);
    });

    it("refuses one that has expired, from the very moment on", async () => {
      const session = await created({ expiresAt: now });
      expect(await stores().sessions.cancel(session.sessionId, now)).toEqual(refusal(session));
      expect(await find(session)).toEqual(session);
    });

    it("does not know one that is not there, and makes none", async () => {
      const sessionId = newSessionId();
      expect(await stores().sessions.cancel(sessionId, now)).toEqual({ ok: false, refusal: { reason: "unknown" } });
      expect(await stores().sessions.find(sessionId)).toBeUndefined();
    });

    it("lets one of two, who cancels or who begins, have it", async () => {
      for (let round = 0; round < 5; round += 1) {
        const session = await created({ openings: [anOpening({ stateHash: "my-state", holderHash: "my-cookie" })] });
        const { sessionId } = session;
        const request = { sessionId, stateHash: "my-state", holderHash: "my-cookie", codeHash: "my-code" };
        const [cancelled, begun] = await Promise.all([
          stores().sessions.cancel(sessionId, now),
          stores().sessions.beginExchange(request, { now, leaseUntil: afterNoon(3 * minute) }),
        ]);
        expect([cancelled.ok, begun.ok].toSorted()).toEqual([false, true]);
        const winner = cancelled.ok ? cancelled.value : begun.ok ? begun.value : undefined;
        expect(await find(session)).toEqual(winner);
      }
    });
  });

  describe("lists of Connect sessions", () => {
    /** Eleven sessions of a new customer; some were made in the same moment, and stand where sessions may stand. */
    const createEleven = async () => {
      const customerId = newCustomerId();
      const statuses = ["open", "exchanging", "completed", "failed", "cancelled"] as const;
      const sessions: ConnectSession[] = [];
      for (let index = 0; index < 11; index += 1) {
        const createdAt = afterNoon(Math.floor(index / 3) * 1_000);
        sessions.push(await created({ customerId, createdAt, status: statuses[index % 5] ?? "open" }));
      }
      return { customerId, sessions };
    };
    const listAll = async (customerId: CustomerId, limit: number) => {
      const found: ConnectSession[] = [];
      let from: SessionPosition | undefined;
      for (let pages = 0; pages < 13; pages += 1) {
        const before = stores().itemsRead();
        const page = await stores().sessions.list(customerId, { limit, from });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        expect(stores().itemsRead() - before).toBeLessThanOrEqual(limit + 1);
        found.push(...page.items);
        if (page.next === undefined) return found;
        from = page.next;
      }
      return expect.fail("the list does not end");
    };
    const idOf = ({ sessionId }: ConnectSession) => sessionId;

    it("is empty for a customer without sessions", async () => {
      const page = await stores().sessions.list(newCustomerId(), { limit: 5, from: undefined });
      expect(page).toEqual({ items: [], next: undefined });
    });

    it("gives whole sessions, the newest first, and none of another customer", async () => {
      const { customerId, sessions } = await createEleven();
      await created();
      const { items, next } = await stores().sessions.list(customerId, { limit: 11, from: undefined });
      expect(next).toBeUndefined();
      const times = items.map(({ createdAt }) => createdAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      const byId = (list: readonly ConnectSession[]) => list.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
      expect(byId(items)).toEqual(byId(sessions));
    });

    it("pages without gaps or doubles, whatever the limit, and reads within bounds", async () => {
      const { customerId, sessions } = await createEleven();
      const whole = (await listAll(customerId, 11)).map(idOf);
      expect(whole.toSorted()).toEqual(sessions.map(idOf).toSorted());
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 13 }), async (limit) => {
          expect((await listAll(customerId, limit)).map(idOf)).toEqual(whole);
        }),
        { numRuns: stores().propertyRuns },
      );
    });

    it("misses none when sessions are so large that one answer does not hold a page", async () => {
      const customerId = newCustomerId();
      const finchConnectUrl = `https://connect.finch.example/${"x".repeat(300_000)}`;
      const sessions: ConnectSession[] = [];
      for (let index = 0; index < 5; index += 1) {
        sessions.push(await created({ customerId, createdAt: afterNoon(index * 1_000), finchConnectUrl }));
      }
      expect((await listAll(customerId, 11)).map(idOf)).toEqual(sessions.map(idOf).toReversed());
    });

    it("misses none of the others when one is made between two pages", async () => {
      const { customerId, sessions } = await createEleven();
      const first = await stores().sessions.list(customerId, { limit: 6, from: undefined });
      await created({ customerId, createdAt: afterNoon(60_000) });
      const second = await stores().sessions.list(customerId, { limit: 6, from: first.next });
      expect([...first.items, ...second.items].map(idOf).toSorted()).toEqual(sessions.map(idOf).toSorted());
      expect(second.next).toBeUndefined();
    });
  });
};
