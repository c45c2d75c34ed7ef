/**
 * The sweep of checks over very many connections: what it stores, when it stops, and how often it alarms. Apart from the
 * tests of the same rules on few, because it takes seconds.
 */
import { describe, expect, it } from "vitest";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { createCheckWorld, healthy } from "../../support/check-world.ts";

const signedOut: IntrospectAnswer = { kind: "reauthenticate_user" };
const of = (status: string, count: number) => Array.from({ length: count }, () => status);
const statusesOf = ({ memory }: Awaited<ReturnType<typeof createCheckWorld>>) =>
  [...memory.connections.values()].map(({ finchStatus }) => finchStatus).toSorted();

describe("a sweep of very many connections", () => {
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

  it("keeps the pace in any five minutes, however many are due, and the lag tells", async () => {
    const world = await createCheckWorld(5_000);
    await world.runFor(9);
    expect(world.mostCallsInFiveMinutes()).toBeLessThanOrEqual(800);
    expect(world.changed()).toHaveLength(5_000);
    const lags = world.runs.flatMap((run) => (run.kind === "swept" ? [run.lagMinutes] : []));
    expect(lags).toEqual(lags.toSorted((a, b) => a - b));
    expect(lags.at(-1)).toBeGreaterThan(30);
  });
});
