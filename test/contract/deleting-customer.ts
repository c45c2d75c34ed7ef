import { describe, expect, it } from "vitest";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { Claim } from "#shared/connection/store-ports.ts";
import {
  aClaim,
  aConnection,
  aDeletion,
  afterNoon,
  anEvent,
  aProfile,
  aSession,
  minute,
  newCustomerId,
  noon,
} from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import { type OpenedStores, readBack } from "./opened-stores.ts";

/** What the stores refuse for a customer that is being deleted, under the condition of each write. */
export const describeDeletingCustomer = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection, anExchangingSession } = createClaimSetting(stores);
  const mark = async (customerId: CustomerId) => {
    const customer = (await stores().customers.find(customerId)) ?? expect.fail();
    expect(await stores().deletions.begin(customer, aDeletion({ customerId }))).toBe(true);
  };
  const completed = { status: "completed", outcome: "connected" } as const;

  describe("a customer that is being deleted", () => {
    it.each(["single", undefined] as const)("is not put (mode %s)", async (mode) => {
      const customerId = await aKnownCustomer();
      await mark(customerId);
      const before = await stores().customers.find(customerId);
      const made = { incarnation: "second", defaultMode: "multiple", now: afterNoon(minute) } as const;
      const profile = aProfile({ customerId, name: "Other", ...(mode && { mode }) });
      expect(await stores().customers.put(profile, made)).toEqual({ ok: false, refusal: "customer_deleting" });
      expect(await stores().customers.find(customerId)).toEqual(before);
    });

    it("gets no session; nor does one of another life, or none", async () => {
      const { sessions, deletions } = stores();
      const [deleting, another] = [await aKnownCustomer(), await aKnownCustomer()];
      await mark(deleting);
      const refused: unknown[] = [];
      for (const session of [
        aSession({ customerId: deleting }),
        aSession({ customerId: another, incarnation: "another" }),
        aSession({ customerId: newCustomerId() }),
      ]) {
        refused.push(await sessions.create(session));
        expect(await sessions.find(session.sessionId)).toBeUndefined();
        expect(await deletions.sessions(session.customerId, 10)).toEqual([]);
      }
      expect(refused).toEqual(
        ["customer_deleting", "customer_unknown", "customer_unknown"].map((refusal) => ({ ok: false, refusal })),
      );
    });

    it("begins an exchange again with the same code, and waits for it", async () => {
      const { sessions, deletions } = stores();
      const session = await anExchangingSession(await aKnownCustomer());
      const { sessionId, customerId } = session;
      await mark(customerId);
      await deletions.cancelSession(sessionId, noon);
      const hashes = { stateHash: "hash-of-state", holderHash: "hash-of-cookie", codeHash: "hash-of-code" };
      const lease = { now: afterNoon(5 * minute), leaseUntil: afterNoon(12 * minute) };
      const begun = await sessions.beginExchange({ sessionId, ...hashes }, lease);
      expect(begun).toMatchObject({ ok: true, value: { status: "exchanging", exchange: { attempt: 2 } } });
      const deletion = { ...aDeletion({ customerId }), ...(await stores().customers.find(customerId))?.deletion };
      expect(await deletions.eraseSessions(deletion, [{ sessionId, lost: false }])).toBe(false);
      expect(await sessions.find(sessionId)).toEqual(begun.ok && begun.value);
    });

    it("gets no connection by an import, or because Finch names it, or beside a session", async () => {
      const customerId = await aKnownCustomer();
      const elsewhere = await anExchangingSession(await aKnownCustomer());
      await mark(customerId);
      const claims: Claim[] = [
        aClaim(aConnection({ customerId }), { incarnation: "first" }),
        aClaim(aConnection({ customerId, heldReason: "customer_mismatch" })),
        aClaim(aConnection({ customerId, heldReason: "customer_mismatch" }), {
          ending: { session: elsewhere, end: { status: "failed", reason: "connection_conflict" } },
        }),
      ];
      for (const claim of claims) {
        const before = await readBack(stores(), claim);
        const refused = { ok: false, refusal: { reason: "customer_deleting", customerId } };
        expect(await stores().connections.claim(claim)).toEqual(refused);
        expect(await readBack(stores(), claim)).toEqual(before);
      }
    });

    it.each(["exchanging", "failed"] as const)("gets the connection of its own session that is %s", async (status) => {
      const customerId = await aKnownCustomer();
      const session = await anExchangingSession(customerId, { status });
      await mark(customerId);
      const ending = { session, end: completed };
      const claim = aClaim(aConnection({ customerId }), { incarnation: "first", ending });
      expect(await stores().connections.claim(claim)).toEqual({ ok: true, value: undefined });
      expect(await readBack(stores(), claim)).toMatchObject({
        customer: { connectionCount: 1 },
        session: { status: "completed" },
      });
    });

    it("gets none of a session that is erased", async () => {
      const customerId = await aKnownCustomer();
      const claim = aClaim(aConnection({ customerId, heldReason: "acceptance_required" }), {
        incarnation: "first",
        ending: { session: aSession({ customerId, status: "failed" }), end: completed },
      });
      await mark(customerId);
      const refusal = { reason: "session_changed", session: undefined };
      expect(await stores().connections.claim(claim)).toEqual({ ok: false, refusal });
    });

    it("accepts nothing that is held", async () => {
      const { connection: held } = await aClaimedConnection({ heldReason: "acceptance_required" });
      await mark(held.customerId);
      const next = { ...held, heldReason: null, version: held.version + 1 };
      const refused = { ok: false, refusal: "customer_deleting" };
      expect(await stores().connections.release(next, [anEvent(next)])).toEqual(refused);
      expect(await stores().connections.find(held.customerId, held.connectionId)).toEqual(held);
    });
  });
};
