import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { KeptDecision } from "#shared/roster/ports.ts";
import type { Roster, RosterId } from "#shared/roster/roster.ts";
import { unreadEntity } from "#shared/roster/roster.ts";
import { aDeletion, afterNoon, minute, newConnectionId, newCustomerId, noon } from "../support/builders.ts";
import { anOutcome, aReadyEvent, aRoster } from "../support/roster-builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of rosters promises. */
export const describeRosters = (stores: () => OpenedStores): void => {
  const { aKnownCustomer } = createClaimSetting(stores);
  const rosters = () => stores().rosters;
  const aBegunRoster = async (known?: CustomerId): Promise<Roster> => {
    const roster = aRoster({ customerId: known ?? (await aKnownCustomer()) });
    const instead = (await rosters().current(roster.customerId)).running;
    expect(await rosters().begin(roster, instead, [])).toMatchObject({ ok: true });
    return roster;
  };
  const isRefusedFor = async (refusal: string, act: () => Promise<unknown>) =>
    expect(await act()).toMatchObject({ ok: false, refusal });
  const aDecision = (changes: Partial<KeptDecision> = {}): KeptDecision => ({
    a: { connection_id: newConnectionId(), individual_id: "one#1" },
    b: { connection_id: newConnectionId(), individual_id: "other" },
    ...{ same: true, decidedAt: noon, version: 1, ...changes },
  });

  describe("a roster", () => {
    it("is there once it has begun, as the one that runs", async () => {
      const roster = await aBegunRoster();
      expect(await rosters().find(roster.customerId, roster.rosterId)).toEqual(roster);
      expect(await rosters().current(roster.customerId)).toEqual({ running: roster.rosterId, newest: null });
      const other = newCustomerId();
      expect(await rosters().find(other, roster.rosterId)).toBeUndefined();
      expect(await rosters().current(other)).toEqual({ running: null, newest: null });
    });

    it("begins once: of several at one moment one does", async () => {
      const customerId = await aKnownCustomer();
      const begun = await Promise.all(
        Array.from({ length: 5 }, () => rosters().begin(aRoster({ customerId }), null, [])),
      );
      expect(begun.filter(({ ok }) => ok)).toHaveLength(1);
      await isRefusedFor("changed", () => rosters().begin(aRoster({ customerId }), randomUUID() as RosterId, []));
    });

    it("does not begin for a customer who is not there, or is being deleted; nor is anything decided", async () => {
      const unknown = newCustomerId();
      const customerId = await aKnownCustomer();
      const customer = (await stores().customers.find(customerId)) ?? expect.fail();
      await stores().deletions.begin(customer, aDeletion({ customerId, incarnation: customer.incarnation }));
      for (const [refusal, id] of [
        ["customer_unknown", unknown],
        ["customer_deleting", customerId],
      ] as const) {
        await isRefusedFor(refusal, () => rosters().begin(aRoster({ customerId: id }), null, []));
        await isRefusedFor(refusal, () => rosters().decide(id, aDecision(), []));
      }
    });

    it("is published once, with its event; then nothing of it changes, and another may begin", async () => {
      const roster = await aBegunRoster();
      const event = aReadyEvent(roster);
      const now = afterNoon(minute);
      expect(await rosters().publish(roster, anOutcome(), now, [event])).toBe(true);
      const ready = { ...roster, state: "ready", outcome: anOutcome(), finishedAt: now };
      expect(await rosters().find(roster.customerId, roster.rosterId)).toEqual(ready);
      expect(await stores().outbox.find(event.eventId)).toEqual(event);
      expect(await rosters().current(roster.customerId)).toEqual({ running: null, newest: roster.rosterId });
      expect(await rosters().publish(roster, anOutcome(), now, [aReadyEvent(roster)])).toBe(false);
      expect(await rosters().fail(roster, "internal_error", now)).toBe(false);
      expect(await rosters().lease(roster, now)).toBe(false);
      expect(await rosters().plan(roster, [newConnectionId()], null)).toBe(false);
      const next = await aBegunRoster(roster.customerId);
      const current = { running: next.rosterId, newest: roster.rosterId };
      expect(await rosters().current(roster.customerId)).toEqual(current);
    });

    it("that has failed keeps the newest, and gives its place to another", async () => {
      const first = await aBegunRoster();
      await rosters().publish(first, anOutcome(), noon, []);
      const failed = await aBegunRoster(first.customerId);
      expect(await rosters().fail(failed, "internal_error", noon)).toBe(true);
      expect(await rosters().publish(failed, anOutcome(), noon, [])).toBe(false);
      const next = await aBegunRoster(first.customerId);
      expect(await rosters().current(first.customerId)).toEqual({ running: next.rosterId, newest: first.rosterId });
    });

    it("gives a lease back to whoever has it and nobody else, over or not", async () => {
      const roster = await aBegunRoster();
      const { customerId, rosterId } = roster;
      const leaseUntil = async () => (await rosters().find(customerId, rosterId))?.leaseUntil;
      expect(await rosters().lease(roster, afterNoon(minute))).toBe(true);
      await rosters().release(roster, afterNoon(2 * minute));
      expect(await leaseUntil()).toEqual(afterNoon(minute));
      await rosters().release(roster, afterNoon(minute));
      expect(await leaseUntil()).toBeNull();
      await rosters().release(aRoster({ customerId }), afterNoon(minute));
    });

    it("is stopped by the end of the execution that is on, and of no other, as long as it runs", async () => {
      const roster = await aBegunRoster();
      const stopped = async () => (await rosters().find(roster.customerId, roster.rosterId))?.stoppedExecution;
      expect(await rosters().stop({ ...roster, execution: 2 })).toBe(false);
      expect(await stopped()).toBeNull();
      expect(await rosters().stop(roster)).toBe(true);
      expect(await rosters().stop(roster)).toBe(true);
      expect(await rosters().find(roster.customerId, roster.rosterId)).toEqual({ ...roster, stoppedExecution: 1 });
      // Another follows, and what is told of the first one then is too late.
      expect(await rosters().countExecution({ ...roster, execution: 2 })).toBe(true);
      expect(await rosters().stop(roster)).toBe(false);
      await rosters().fail(roster, "internal_error", noon);
      expect(await rosters().stop({ ...roster, execution: 2 })).toBe(false);
      expect(await rosters().stop(aRoster())).toBe(false);
      expect(await stopped()).toBe(1);
    });

    it("counts each execution once", async () => {
      const roster = await aBegunRoster();
      expect(await rosters().countExecution({ ...roster, execution: 2 })).toBe(true);
      expect(await rosters().countExecution({ ...roster, execution: 2 })).toBe(false);
    });
  });

  describe("a connection's part of a roster", () => {
    it("is planned once with the first key, and replaced at its version only while the roster runs", async () => {
      const roster = await aBegunRoster();
      const [one, other] = [newConnectionId(), newConnectionId()];
      expect(await rosters().plan(roster, [one], Uint8Array.of(1))).toBe(true);
      const [unread] = await rosters().reads(roster.customerId, roster.rosterId);
      const entities = [
        {
          ...unreadEntity("entity-1"),
          waitingFor: "not_ready",
          waitUntil: noon,
          missing: { individual: "x" },
        } as const,
        { ...unreadEntity(null), notReadySince: noon, phase: "employment" } as const,
      ];
      const itemErrors = [{ entityId: null, individualId: "i", product: "individual", error: "e" }] as const;
      const read = {
        ...(unread ?? expect.fail()),
        entities,
        itemErrors,
        itemErrorCount: 1,
        version: 1,
        leaseUntil: noon,
      };
      expect(await rosters().replaceRead(roster, read)).toBe(true);
      expect(await rosters().replaceRead(roster, read)).toBe(false);
      // What has begun stays when it is planned again.
      expect(await rosters().plan(roster, [one, other], Uint8Array.of(2))).toBe(true);
      expect(await rosters().findRead(roster.customerId, roster.rosterId, one)).toEqual(read);
      const found = await rosters().find(roster.customerId, roster.rosterId);
      expect([...(found?.ssnKey ?? [])]).toEqual([1]);
      const reads = await rosters().reads(roster.customerId, roster.rosterId);
      expect(reads.map(({ connectionId }) => connectionId).toSorted()).toEqual([one, other].toSorted());
      await rosters().fail(roster, "internal_error", noon);
      expect(await rosters().replaceRead(roster, { ...read, version: 2 })).toBe(false);
      // Who is at another version has no lease to give back; who is at this one has, though the roster is over.
      await rosters().releaseRead(roster, { ...read, version: 2 });
      expect(await rosters().findRead(roster.customerId, roster.rosterId, one)).toEqual(read);
      await rosters().releaseRead(roster, read);
      expect(await rosters().findRead(roster.customerId, roster.rosterId, one)).toEqual({ ...read, leaseUntil: null });
    });
  });

  describe("a decision", () => {
    it("is kept for both orders of the two, and changed at its version", async () => {
      const customerId = await aKnownCustomer();
      const decision = aDecision();
      expect(await rosters().decide(customerId, decision, [])).toMatchObject({ ok: true });
      expect(await rosters().findDecision(customerId, { a: decision.b, b: decision.a })).toEqual(decision);
      await isRefusedFor("changed", () => rosters().decide(customerId, decision, []));
      const changed = { ...decision, same: false, version: 2 };
      expect(await rosters().decide(customerId, changed, [])).toMatchObject({ ok: true });
      expect(await rosters().decisions(customerId)).toEqual([changed]);
      expect(await rosters().decisions(newCustomerId())).toEqual([]);
    });
  });
};
