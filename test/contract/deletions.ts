import { describe, expect, it } from "vitest";
import type { CustomerDeletion } from "#shared/connection/customer-deletion.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import {
  aDeletedEvent,
  aDeletion,
  aDisconnect,
  afterNoon,
  anEvent,
  anOpening,
  aSession,
  minute,
  newConnectionId,
  newCustomerId,
  newSessionId,
  noon,
} from "../support/builders.ts";
import { storeSession } from "../support/store-session.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of deletions promises. */
export const describeDeletions = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection, anExchangingSession } = createClaimSetting(stores);

  const begin = async (customerId: CustomerId, changes: Partial<CustomerDeletion> = {}) => {
    const customer = (await stores().customers.find(customerId)) ?? expect.fail();
    const deletion = aDeletion({ customerId, incarnation: customer.incarnation, ...changes });
    return { customer, deletion, begun: await stores().deletions.begin(customer, deletion) };
  };
  const aBegunDeletion = async (customerId?: CustomerId) =>
    (await begin(customerId ?? (await aKnownCustomer()))).deletion;
  const find = ({ deletionId }: CustomerDeletion) => stores().deletions.find(deletionId);

  describe("the beginning of a deletion", () => {
    it("marks the customer, and is found", async () => {
      const customerId = await aKnownCustomer();
      const { customer, deletion, begun } = await begin(customerId);
      expect(begun).toBe(true);
      const { deletionId, requestedAt } = deletion;
      const marked = { ...customer, deletion: { deletionId, requestedAt } };
      expect(await stores().customers.find(customerId)).toEqual(marked);
      expect(await find(deletion)).toEqual(deletion);
      expect(await find(aDeletion())).toBeUndefined();
    });

    it("happens once, whoever asks", async () => {
      const customerId = await aKnownCustomer();
      const both = await Promise.all([begin(customerId), begin(customerId)]);
      expect(both.map(({ begun }) => begun).toSorted()).toEqual([false, true]);
      const [won, lost] = both.toSorted((a) => (a.begun ? -1 : 1)).map(({ deletion }) => deletion);
      expect(won && (await find(won))).toEqual(won);
      expect(lost && (await find(lost))).toBeUndefined();
    });

    it("does not happen to a customer of another life, or to none", async () => {
      const customerId = await aKnownCustomer();
      const customer = (await stores().customers.find(customerId)) ?? expect.fail();
      for (const other of [
        { ...customer, incarnation: "another" },
        { ...customer, customerId: newCustomerId() },
      ]) {
        const deletion = aDeletion({ customerId: other.customerId });
        expect(await stores().deletions.begin(other, deletion)).toBe(false);
        expect(await find(deletion)).toBeUndefined();
      }
      expect(await stores().customers.find(customerId)).toEqual(customer);
    });
  });

  describe("a deletion under way", () => {
    it("is put off, with how far it has come", async () => {
      const deletion = await aBegunDeletion();
      const connectionsFrom = { listedAt: noon.toISOString(), connectionId: newConnectionId() };
      const next = { nextStepAt: afterNoon(minute), attempts: 3, connectionsFrom };
      expect(await stores().deletions.postpone(deletion, next)).toBe(true);
      expect(await find(deletion)).toEqual({ ...deletion, ...next });
      expect(await stores().deletions.postpone(deletion, { ...next, connectionsFrom: null })).toBe(true);
      expect(await find(deletion)).toMatchObject({ connectionsFrom: null });
      expect(await stores().deletions.postpone(aDeletion(), next)).toBe(false);
    });

    it("falls due from its next step on, until it is done", async () => {
      const at = new Date(Date.UTC(1985, 0, 1) + Math.floor(Math.random() * 1e11));
      const { deletion } = await begin(await aKnownCustomer(), { nextStepAt: at });
      const isDue = async (before: Date) => (await stores().due.deletions(before)).includes(deletion.deletionId);
      expect([await isDue(new Date(at.getTime() - 1)), await isDue(at)]).toEqual([false, true]);
      const nextStepAt = new Date(at.getTime() + minute);
      await stores().deletions.postpone(deletion, { nextStepAt, attempts: 1, connectionsFrom: null });
      expect([await isDue(at), await isDue(nextStepAt)]).toEqual([false, true]);
      const done = { ended: { connections: 0, tokens: 0 }, now: at, event: aDeletedEvent(deletion) };
      expect(await stores().deletions.complete(deletion, done)).toBe(true);
      expect(await isDue(nextStepAt)).toBe(false);
    });

    it("finds the customer's sessions, and nobody else's", async () => {
      const customerId = await aKnownCustomer();
      const mine = [aSession({ customerId }), aSession({ customerId })];
      for (const session of [...mine, aSession()]) await storeSession(stores(), session);
      const ids = mine.map(({ sessionId }) => sessionId).toSorted();
      expect((await stores().deletions.sessions(customerId, 10)).toSorted()).toEqual(ids);
      expect(await stores().deletions.sessions(customerId, 1)).toHaveLength(1);
      expect(await stores().deletions.sessions(newCustomerId(), 10)).toEqual([]);
    });

    it("cancels an open session, past its time or not, and no exchange begins with it, by whatever clock", async () => {
      const openings = [anOpening(), anOpening({ stateHash: "another" })];
      const { deletions, sessions } = stores();
      const now = afterNoon(minute);
      for (const expiresAt of [afterNoon(60 * minute), now, noon]) {
        const session = aSession({ openings, expiresAt });
        await storeSession(stores(), session);
        const { sessionId } = session;
        await deletions.cancelSession(sessionId, now);
        const cancelled = { ...session, status: "cancelled", openings: [], endedAt: now, version: 2 };
        expect(await sessions.find(sessionId)).toEqual(cancelled);
        const { stateHash, holderHash } = anOpening();
        const request = { sessionId, stateHash, holderHash, codeHash: "hash-of-code" };
        const refused = { ok: false, refusal: { reason: "not_open", session: cancelled } };
        const before = { now: afterNoon(-minute), leaseUntil: afterNoon(minute) };
        expect(await sessions.beginExchange(request, before)).toEqual(refused);
        expect(await sessions.replaceOpenings(session, openings)).toBe(false);
        await deletions.cancelSession(sessionId, afterNoon(2 * minute));
        expect(await sessions.find(sessionId)).toEqual(cancelled);
      }
    });

    it.each(["exchanging", "completed", "failed"] as const)("cancels no session that is %s", async (status) => {
      const session = aSession({ status });
      await storeSession(stores(), session);
      await stores().deletions.cancelSession(session.sessionId, afterNoon(minute));
      expect(await stores().sessions.find(session.sessionId)).toEqual(session);
    });

    it("cancels no session that is not there, and makes none", async () => {
      const sessionId = newSessionId();
      await stores().deletions.cancelSession(sessionId, noon);
      expect(await stores().sessions.find(sessionId)).toBeUndefined();
    });

    it("erases and counts sessions, all of a step or none", async () => {
      const customerId = await aKnownCustomer();
      const open = aSession({ customerId });
      const failed = aSession({ customerId, status: "failed", failureReason: "token_lost" });
      for (const session of [open, failed]) await storeSession(stores(), session);
      const exchanging = await anExchangingSession(customerId);
      const deletion = await aBegunDeletion(customerId);
      const step = [
        { sessionId: open.sessionId, lost: false },
        { sessionId: failed.sessionId, lost: true },
      ];
      const { deletions, sessions } = stores();
      const tooMuch = [...step, { sessionId: exchanging.sessionId, lost: false }];
      expect(await deletions.eraseSessions(deletion, tooMuch)).toBe(false);
      expect([await deletions.sessions(customerId, 10), await find(deletion)]).toMatchObject([{ length: 3 }, deletion]);

      expect(await deletions.eraseSessions(deletion, step)).toBe(true);
      expect(await deletions.eraseSessions(deletion, step)).toBe(false);
      expect(await find(deletion)).toEqual({ ...deletion, sessionsErased: 2, tokensLost: 1 });
      expect(await deletions.sessions(customerId, 10)).toEqual([exchanging.sessionId]);
      const left = await Promise.all([open, failed, exchanging].map(({ sessionId }) => sessions.find(sessionId)));
      expect(left).toEqual([undefined, undefined, exchanging]);
    });

    it("gets a line of its receipt with each connection that Finch has ended in its name", async () => {
      const customerId = await aKnownCustomer();
      const deletion = await aBegunDeletion(await aKnownCustomer());
      const { deletionId } = deletion;
      const disconnect = aDisconnect({ deletionId });
      const first = (await aClaimedConnection({ customerId, disconnect })).connection;
      const second = (await aClaimedConnection({ customerId, disconnect })).connection;
      const other = (await aClaimedConnection({ customerId, disconnect: aDisconnect() })).connection;
      const tombstone = { customerHash: "keyed-hash", disconnectedAt: afterNoon(minute) };
      for (const connection of [first, second, other]) {
        expect(await stores().connections.find(customerId, connection.connectionId)).toEqual(connection);
        const removal = { tombstone, counts: false, events: [anEvent(connection)] };
        expect(await stores().connections.remove(connection, removal)).toBe(true);
      }
      const { deletions } = stores();
      const lines = [first, second].map(({ connectionId, providerId }) => ({
        ...{ connectionId, providerId, tokensDestroyed: 1 },
        disconnectedAt: tombstone.disconnectedAt,
      }));
      expect(await deletions.lines(deletionId, 10)).toEqual(expect.arrayContaining(lines));
      expect(await deletions.lines(deletionId, 1)).toHaveLength(1);
      expect(await deletions.count(deletionId)).toEqual({ connections: 2, tokens: 2 });
      expect(await deletions.count(aDeletion().deletionId)).toEqual({ connections: 0, tokens: 0 });
      expect(await find(deletion)).toEqual(deletion);
    });
  });
};
