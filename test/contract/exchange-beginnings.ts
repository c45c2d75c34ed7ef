import { describe, expect, it } from "vitest";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { ExchangeRequest } from "#shared/connection/store-ports.ts";
import { afterNoon, anOpening, aSession, minute, newSessionId, noon } from "../support/builders.ts";
import { storeSession } from "../support/store-session.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of Connect sessions promises of the one write that begins an exchange. */
export const describeExchangeBeginnings = (stores: () => OpenedStores): void => {
  const lease = { now: afterNoon(minute), leaseUntil: afterNoon(3 * minute) };
  const leaseOver = { now: lease.leaseUntil, leaseUntil: afterNoon(5 * minute) };

  const mine = anOpening({ stateHash: "my-state", holderHash: "my-cookie" });
  const scanners = anOpening({ stateHash: "scanners-state", holderHash: "scanners-cookie", openedAt: afterNoon(1) });

  const created = async (changes: Partial<ConnectSession> = {}) => {
    const session = aSession({ openings: [mine, scanners], ...changes });
    await storeSession(stores(), session);
    const { stateHash, holderHash } = mine;
    return { session, request: { sessionId: session.sessionId, stateHash, holderHash, codeHash: "my-code" } };
  };
  const begin = (request: ExchangeRequest, when = lease) => stores().sessions.beginExchange(request, when);
  const find = ({ sessionId }: ConnectSession) => stores().sessions.find(sessionId);

  const begun = (session: ConnectSession, attempt: number, leaseUntil: Date): ConnectSession => ({
    ...session,
    status: "exchanging",
    openings: [],
    exchange: { stateHash: "my-state", holderHash: "my-cookie", codeHash: "my-code", attempt, leaseUntil },
    version: session.version + attempt,
  });
  const refusal = (session: ConnectSession) => ({ ok: false, refusal: { reason: "not_open", session } });

  describe("the beginning of an exchange", () => {
    it("takes an open session to exchanging and ends all its openings", async () => {
      const { session, request } = await created();
      const expected = begun(session, 1, lease.leaseUntil);
      expect(await begin(request)).toEqual({ ok: true, value: expected });
      expect(await find(session)).toEqual(expected);
    });

    it("does not know a session that is not there", async () => {
      const { request } = await created();
      const unknown = { ...request, sessionId: newSessionId() };
      expect(await begin(unknown)).toEqual({ ok: false, refusal: { reason: "unknown" } });
      expect(await stores().sessions.find(unknown.sessionId)).toBeUndefined();
    });

    it.each<[string, Partial<ExchangeRequest>]>([
      ["another state", { stateHash: "no-state-of-this-session" }],
      ["another cookie", { holderHash: "another-cookie" }],
      ["the cookie of another opening", { holderHash: scanners.holderHash }],
    ])("refuses %s, and changes nothing", async (_, changes) => {
      const { session, request } = await created();
      expect(await begin({ ...request, ...changes })).toEqual(refusal(session));
      expect(await find(session)).toEqual(session);
    });

    it.each(["completed", "failed", "cancelled"] as const)("refuses a session that is %s", async (status) => {
      const { session, request } = await created({ status });
      expect(await begin(request)).toEqual(refusal(session));
      expect(await find(session)).toEqual(session);
    });

    it("refuses from the very moment on in which the session expires", async () => {
      const { session, request } = await created({ expiresAt: lease.now });
      expect(await begin(request)).toEqual(refusal(session));
      expect(await find(session)).toEqual(session);
      expect((await begin(request, { ...lease, now: new Date(lease.now.getTime() - 1) })).ok).toBe(true);
    });

    it("refuses a second time while the lease lasts, and gives the session as it stands", async () => {
      const { session, request } = await created();
      await begin(request);
      const expected = begun(session, 1, lease.leaseUntil);
      const justBefore = { ...leaseOver, now: new Date(lease.leaseUntil.getTime() - 1) };
      expect(await begin(request, justBefore)).toEqual(refusal(expected));
      expect(await find(session)).toEqual(expected);
    });

    it("begins again with the same code once the lease is over, though the session has expired meanwhile", async () => {
      const { session, request } = await created({ expiresAt: afterNoon(2 * minute) });
      await begin(request);
      const expected = begun(session, 2, leaseOver.leaseUntil);
      expect(await begin(request, leaseOver)).toEqual({ ok: true, value: expected });
      expect(await find(session)).toEqual(expected);
    });

    it.each<[string, Partial<ExchangeRequest>]>([
      ["another code", { codeHash: "another-code" }],
      ["another cookie", { holderHash: "another-cookie" }],
      ["another state", { stateHash: "another-state" }],
      ["the state and cookie of another opening", { stateHash: "scanners-state", holderHash: "scanners-cookie" }],
    ])("refuses %s once the lease is over", async (_, changes) => {
      const { session, request } = await created();
      await begin(request);
      const expected = begun(session, 1, lease.leaseUntil);
      expect(await begin({ ...request, ...changes }, leaseOver)).toEqual(refusal(expected));
      expect(await find(session)).toEqual(expected);
    });

    it.each([
      ["from open", 1, lease],
      ["once the lease is over", 2, leaseOver],
    ] as const)("lets one of ten begin %s", async (_, attempt, when) => {
      const { session, request } = await created();
      if (attempt === 2) await begin(request);
      const results = await Promise.all(Array.from({ length: 10 }, () => begin(request, when)));
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      expect(await find(session)).toEqual(begun(session, attempt, when.leaseUntil));
    });

    it("lets one of two browsers begin", async () => {
      const { session, request } = await created();
      const { stateHash, holderHash } = scanners;
      const results = await Promise.all([
        begin(request),
        begin({ ...request, stateHash, holderHash, codeHash: "scanners-code" }),
      ]);
      expect(results.map((result) => result.ok).toSorted()).toEqual([false, true]);
      const stored = await find(session);
      expect(stored?.exchange?.codeHash).toBe(results[0]?.ok ? "my-code" : "scanners-code");
    });

    it("holds a session against the clock that it is given, not its own", async () => {
      const { request } = await created({ createdAt: noon, expiresAt: afterNoon(10) });
      expect((await begin(request, { now: afterNoon(-60 * minute), leaseUntil: noon })).ok).toBe(true);
    });
  });
};
