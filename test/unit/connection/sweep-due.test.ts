/** The sweep: what has fallen due, and that it takes nothing from those who still live. */
import { describe, expect, it } from "vitest";
import { requestDisconnect } from "#shared/connection/change-connection.ts";
import type { PerchEvent } from "#shared/connection/events.ts";
import type { ConnectionId, CustomerId, DeletionId } from "#shared/connection/identifiers.ts";
import { sweepDue } from "#shared/connection/sweep-due.ts";
import { aGrant, minute, newSessionId } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const lifeMs = 7 * minute;
const nothing = { sessionsFailed: 0, eventsPublished: 0, eventsLeft: 0, disconnectsNudged: 0, deletionsNudged: 0 };

const createStage = async () => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const bus: PerchEvent[] = [];
  const nudged: { readonly customerId: CustomerId; readonly connectionId: ConnectionId }[] = [];
  const nudgedDeletions: DeletionId[] = [];
  const deps = {
    ...setting.deps,
    putOntoBus: async (events: readonly PerchEvent[]) => {
      bus.push(...events);
      return new Set(events.map(({ eventId }) => eventId));
    },
    nudgeDisconnects: async (connections: readonly (typeof nudged)[number][]) => void nudged.push(...connections),
    nudgeDeletions: async (deletionIds: readonly DeletionId[]) => void nudgedDeletions.push(...deletionIds),
  };
  const sweep = (changes: Partial<typeof deps> = {}) => sweepDue({ ...deps, ...changes })();
  /** A session whose exchange Finch has not decided. */
  const hang = async () => {
    const { session, state } = await setting.openSession(acme);
    const callback = () => {
      setting.finch.willAnswerExchange(
        { kind: "undecided", reason: "timeout" },
        { kind: "undecided", reason: "timeout" },
      );
      return setting.exchange(state, {}, { lifeMs });
    };
    await callback();
    const stored = async () => (await setting.sessions.find(session.sessionId)) ?? expect.fail();
    return { session, state, callback, stored, leaseUntil: (await stored()).exchange?.leaseUntil ?? expect.fail() };
  };
  return { ...setting, acme, deps, bus, nudged, sweep, hang };
};

describe("an exchange whose function is gone", () => {
  it("fails as lost, with its event, a minute after its lease", async () => {
    const { sweep, hang, setNow, bus } = await createStage();
    const { stored, session, leaseUntil } = await hang();
    setNow(new Date(leaseUntil.getTime() + minute - 1));
    expect(await sweep()).toEqual(nothing);
    setNow(new Date(leaseUntil.getTime() + minute));
    expect(await sweep()).toEqual({ ...nothing, sessionsFailed: 1 });
    expect(await stored()).toMatchObject({ status: "failed", failureReason: "token_lost" });
    expect(await sweep()).toEqual(nothing);
    setNow(new Date(leaseUntil.getTime() + 6 * minute));
    expect(await sweep()).toEqual({ ...nothing, eventsPublished: 1 });
    expect(bus).toMatchObject([
      { type: "ConnectSessionFailed", subject: { kind: "connect_session", id: session.sessionId } },
    ]);
    // All of it within a quarter of an hour.
    expect(leaseUntil.getTime() + 6 * minute - session.createdAt.getTime()).toBeLessThan(15 * minute);
  });

  it("is left alone when it began again, though the list does not say so yet", async () => {
    const { sweep, hang, setNow, due, memory } = await createStage();
    const { callback, stored, session, leaseUntil } = await hang();
    setNow(new Date(leaseUntil.getTime() + minute));
    await callback();
    const behind = { ...due, exchanges: async () => [session.sessionId] };
    expect(await sweep({ due: behind })).toEqual(nothing);
    expect(await stored()).toMatchObject({ status: "exchanging", exchange: { attempt: 2 } });
    expect(memory.written).toEqual([]);
  });

  it("is left alone when it begins again between the sweep's look and its write", async () => {
    const { sweep, hang, setNow, sessions, memory } = await createStage();
    const { callback, stored, leaseUntil } = await hang();
    setNow(new Date(leaseUntil.getTime() + minute));
    const end: typeof sessions.end = async (...asked) => {
      await callback();
      return sessions.end(...asked);
    };
    await sweep({ sessions: { ...sessions, end } });
    expect(await stored()).toMatchObject({ status: "exchanging", exchange: { attempt: 2 } });
    expect(memory.written).toEqual([]);
  });

  it("is left alone when it ended meanwhile", async () => {
    const { sweep, hang, setNow, due, memory, finch, exchange } = await createStage();
    const { state, stored, session, leaseUntil } = await hang();
    setNow(new Date(leaseUntil.getTime() + minute));
    // The code is sent a third time.
    finch.willAnswerExchange({ kind: "granted", grant: aGrant() });
    await exchange(state);
    const behind = { ...due, exchanges: async () => [session.sessionId, newSessionId()] };
    expect(await sweep({ due: behind })).toMatchObject({ sessionsFailed: 0 });
    // Nor when the lease of that attempt is over as well.
    setNow(new Date(((await stored()).exchange?.leaseUntil ?? expect.fail()).getTime() + minute));
    expect(await sweep({ due: behind })).toMatchObject({ sessionsFailed: 0 });
    expect(await stored()).toMatchObject({ status: "completed" });
    expect(memory.written.map(({ type }) => type)).toEqual(["ConnectionCreated"]);
  });

  it("is failed by the same sweep where the table refuses the first write", async () => {
    const { sweep, hang, setNow, sessions } = await createStage();
    const { stored, leaseUntil } = await hang();
    setNow(new Date(leaseUntil.getTime() + minute));
    let calls = 0;
    const end: typeof sessions.end = async (...asked) => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error("throttled")) : sessions.end(...asked);
    };
    expect(await sweep({ sessions: { ...sessions, end } })).toMatchObject({ sessionsFailed: 1 });
    expect(await stored()).toMatchObject({ status: "failed" });
  });

  it("is failed by one of two sweeps, and told once", async () => {
    const { sweep, hang, setNow, memory } = await createStage();
    const { leaseUntil } = await hang();
    setNow(new Date(leaseUntil.getTime() + minute));
    await Promise.all([sweep(), sweep()]);
    expect(memory.written.map(({ type }) => type)).toEqual(["ConnectSessionFailed"]);
  });
});

describe("an event that the stream did not bring out", () => {
  it("is published by the sweep after five minutes", async () => {
    const { sweep, connect, acme, advance, bus, memory } = await createStage();
    await connect(acme);
    advance(5 * minute - 1);
    expect(await sweep()).toEqual(nothing);
    advance(1);
    expect(await sweep()).toEqual({ ...nothing, eventsPublished: 1 });
    expect(bus).toEqual(memory.written);
    expect(memory.outbox.size).toBe(0);
  });

  it("stays when the bus does not take it, and is published by the next one", async () => {
    const { sweep, connect, acme, advance, bus } = await createStage();
    await connect(acme);
    advance(5 * minute);
    expect(await sweep({ putOntoBus: async () => new Set() })).toEqual({ ...nothing, eventsLeft: 1 });
    expect(await sweep()).toEqual({ ...nothing, eventsPublished: 1 });
    expect(bus).toHaveLength(1);
  });

  it("is not missed when it was published between the list and the look", async () => {
    const { sweep, connect, acme, advance, due, bus } = await createStage();
    await connect(acme);
    advance(5 * minute);
    const ids = await due.events(new Date(8.64e15));
    await sweep();
    expect(await sweep({ due: { ...due, events: async () => ids } })).toEqual(nothing);
    expect(bus).toHaveLength(1);
  });
});

describe("a disconnect that is not confirmed", () => {
  it("is nudged when it is due, each time", async () => {
    const { sweep, connect, acme, deps, nudged } = await createStage();
    const { connectionId } = await connect(acme);
    await connect(acme);
    await requestDisconnect(deps)(acme, connectionId);
    nudged.length = 0;
    expect(await sweep()).toEqual({ ...nothing, disconnectsNudged: 1 });
    expect(await sweep()).toEqual({ ...nothing, disconnectsNudged: 1 });
    expect(nudged).toEqual([1, 2].map(() => ({ customerId: acme, connectionId })));
  });
});
