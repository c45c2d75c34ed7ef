/** The guard of the sweep of checks: how much trouble it lets through, and what it counts. */
import { describe, expect, it } from "vitest";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { anIntrospection } from "../../support/builders.ts";
import { createCheckWorld, healthy } from "../../support/check-world.ts";

const signedOut: IntrospectAnswer = { kind: "reauthenticate_user" };

/** How many of how many Finch says nothing of, those first that are due longest. */
const silentAbout = async (count: number, of: number) => {
  const world = await createCheckWorld(of);
  world.finchSays((index) => (index < count ? { kind: "undecided", reason: "server_error" } : healthy));
  return { world, swept: await world.runOnce() };
};

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

describe("the guard of what Finch says nothing of", () => {
  it("lets through one in twenty of all that are due, whoever comes first", async () => {
    const { swept } = await silentAbout(21, 420);
    expect(swept).toMatchObject({ kind: "swept", looked: 399, undecided: 21 });
  });

  it("stops at one more", async () => {
    const { swept, world } = await silentAbout(22, 420);
    expect(swept).toMatchObject({ kind: "paused", reason: "too_many_undecided", inTrouble: 0 });
    expect(world.callTimes).toHaveLength(100);
  });
});
