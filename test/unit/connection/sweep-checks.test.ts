/** The sweep of checks over many connections: what it stores, when it stops, and how often it alarms. */
import { describe, expect, it } from "vitest";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { anIntrospection } from "../../support/builders.ts";
import { createCheckWorld, healthy } from "../../support/check-world.ts";

const signedOut: IntrospectAnswer = { kind: "reauthenticate_user" };
const of = (status: string, count: number) => Array.from({ length: count }, () => status);
const statusesOf = ({ memory }: Awaited<ReturnType<typeof createCheckWorld>>) =>
  [...memory.connections.values()].map(({ finchStatus }) => finchStatus).toSorted();

describe("a sweep of 10,000 connections", () => {
  it.each<[string, IntrospectAnswer]>([
    ["401 invalid_client", { kind: "platform_trouble", reason: "invalid_client_error" }],
    ["402", { kind: "platform_trouble", reason: "payment_required" }],
    ["500", { kind: "undecided", reason: "server_error" }],
    ["429", { kind: "undecided", reason: "rate_limited" }],
    ["nothing that can be read", { kind: "undecided", reason: "unreadable" }],
  ])("changes none, prompts nobody and alarms once, when Finch answers %s to all", async (_, answer) => {
    const world = await createCheckWorld(10_000);
    world.finchSays(() => answer);
    // Four hours.
    await world.runFor(48);
    expect([world.changed().length, world.prompts(), world.destroyed.length, world.memory.tokens.size]).toEqual([
      ...[0, 0, 0],
      10_000,
    ]);
    expect(world.memory.written).toEqual([]);
    expect(world.alarms()).toBe(1);
    // A quarter of an hour's pause after each run that tried.
    expect(world.callTimes.length).toBeLessThanOrEqual(16 * 100);
  });

  it("goes on where it was when such trouble is over", async () => {
    const world = await createCheckWorld(1_000);
    world.finchSays(() => ({ kind: "platform_trouble", reason: "payment_required" }));
    await world.runFor(12);
    world.finchSays(() => healthy);
    await world.runFor(12);
    expect([world.changed().length, world.alarms(), world.prompts()]).toEqual([1_000, 1, 0]);
  });

  it("stops at the guard when Finch calls all of them signed out: none is touched, one alarm", async () => {
    const world = await createCheckWorld(10_000);
    world.finchSays(() => signedOut);
    await world.runFor(200);
    expect([world.changed().length, world.prompts(), world.destroyed.length, world.alarms()]).toEqual([0, 0, 0, 1]);
    expect(world.memory.connections.get([...world.memory.connections.keys()][0] ?? "")).toEqual(world.made[0]);
    // Three runs in more than 16 hours, of which none went on when it was clear.
    expect(world.callTimes.length).toBeLessThanOrEqual(3 * 100);
  });

  it("stores what Finch says of each when 4 % are signed out", async () => {
    const world = await createCheckWorld(10_000);
    world.finchSays((index) => (index % 25 === 0 ? signedOut : healthy));
    await world.runFor(18);
    expect(statusesOf(world)).toEqual([...of("connected", 9_600), ...of("reauth", 400)]);
    expect([world.prompts(), world.alarms(), world.changed().length]).toEqual([400, 0, 10_000]);
    expect(world.mostCallsInFiveMinutes()).toBeLessThanOrEqual(800);
  });
});

describe("the guard", () => {
  const troubled = async (count: number, of: number) => {
    const world = await createCheckWorld(of);
    world.finchSays((index) => (index < count ? signedOut : healthy));
    const swept = await world.runOnce();
    return { world, swept };
  };

  it.each([
    ["20 of 20", 20, 20],
    ["20 of 100", 20, 100],
    ["30 of 600", 30, 600],
  ])("lets through %s", async (_, count, total) => {
    const { world, swept } = await troubled(count, total);
    expect(swept).toMatchObject({ kind: "swept", inTrouble: count });
    expect([world.prompts(), world.alarms()]).toEqual([count, 0]);
  });

  it.each([
    ["21 of 21", 21, 21],
    ["21 of 100", 21, 100],
    ["31 of 600", 31, 600],
  ])("stops at %s, and leaves those as due as they were", async (_, count, total) => {
    const { world, swept } = await troubled(count, total);
    expect(swept).toMatchObject({ kind: "paused", reason: "too_many_in_trouble", inTrouble: count });
    expect([world.prompts(), world.alarms()]).toEqual([0, 1]);
    const due = await world.due.checks(world.now(), 1_000);
    for (const { connectionId } of world.made.slice(0, count)) {
      expect(due.map((each) => each.connectionId)).toContain(connectionId);
    }
  });

  it("counts what comes to be in trouble, not what is", async () => {
    const world = await createCheckWorld(100);
    for (const [key, connection] of world.memory.connections) {
      world.memory.connections.set(key, { ...connection, finchStatus: "reauth" });
    }
    world.finchSays(() => signedOut);
    expect(await world.runOnce()).toMatchObject({ kind: "swept", looked: 100, inTrouble: 0 });
    expect([world.changed().length, world.prompts()]).toEqual([100, 0]);
  });

  it("counts entities that come to be signed out, and tokens that would be given up", async () => {
    const entities = [{ id: "entity-1", name: null, sourceId: null, status: "reauth" }];
    const partly = await createCheckWorld(30);
    partly.finchSays(() => ({ kind: "introspected", introspection: anIntrospection({ entities }) }));
    expect(await partly.runOnce()).toMatchObject({ kind: "paused", inTrouble: 30 });
    const invalid = await createCheckWorld(30);
    for (const [key, { tokens, ...rest }] of invalid.memory.connections) {
      const since = new Date("2031-04-01T00:00:00.000Z");
      const long = tokens.map((token) => ({ ...token, invalidSince: since }));
      invalid.memory.connections.set(key, { ...rest, finchStatus: "reauth", tokens: long });
    }
    invalid.finchSays(() => ({ kind: "invalid_token" }));
    expect(await invalid.runOnce()).toMatchObject({ kind: "paused", inTrouble: 30 });
    expect(invalid.memory.tokens.size).toBe(30);
  });
});
