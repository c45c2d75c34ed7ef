/** How the sweep of checks goes on after a pause, and the pace that it keeps. */
import { describe, expect, it } from "vitest";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { sweepChecks } from "#shared/connection/sweep-checks.ts";
import { minute } from "../../support/builders.ts";
import { createCheckWorld, healthy } from "../../support/check-world.ts";

const signedOut: IntrospectAnswer = { kind: "reauthenticate_user" };

describe("a pause", () => {
  it.each<[string, IntrospectAnswer]>([
    ["platform_trouble", { kind: "platform_trouble", reason: "payment_required" }],
    ["rate_limited", { kind: "undecided", reason: "rate_limited" }],
  ])("comes with the first answer of %s, however few there are, for a quarter of an hour", async (reason, answer) => {
    const world = await createCheckWorld(25);
    world.finchSays((index) => (index === 3 ? answer : healthy));
    const begun = world.now();
    const until = new Date(begun.getTime() + 15 * minute);
    expect(await world.runOnce()).toEqual({ kind: "paused", reason, until, inTrouble: 0 });
    // Those that were under way are looked at to their end, and no other.
    expect(world.callTimes.length).toBeLessThanOrEqual(9);
  });

  it.each<[string, IntrospectAnswer, string]>([
    ["the platform's trouble", { kind: "platform_trouble", reason: "payment_required" }, "platform_trouble"],
    ["nothing of any", { kind: "undecided", reason: "server_error" }, "too_many_undecided"],
    ["that all are signed out", signedOut, "too_many_in_trouble"],
  ])("comes before the run is at its end, where Finch says %s", async (_, answer, reason) => {
    const world = await createCheckWorld(300);
    world.finchSays(() => answer);
    expect(await world.runOnce()).toMatchObject({ kind: "paused", reason });
    // What was under way at once, of three times as many.
    expect(world.callTimes.length).toBeLessThanOrEqual(100);
  });

  it("comes before the run is at its end, also where one answer alone is such", async () => {
    const world = await createCheckWorld(300);
    world.finchSays((index) => (index === 3 ? { kind: "undecided", reason: "rate_limited" } : healthy));
    expect(await world.runOnce()).toMatchObject({ kind: "paused", reason: "rate_limited" });
    expect(world.callTimes.length).toBeLessThanOrEqual(100);
  });

  it("is not for a budget that is used up: the run ends, what it did not get to stays as due, and the next goes on", async () => {
    const world = await createCheckWorld(60);
    const notAsked = { kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 60 } as const;
    world.finchSays((index) => (index < 30 ? healthy : notAsked));
    expect(await world.runOnce()).toMatchObject({ kind: "swept", looked: 30, undecided: 0 });
    world.finchSays(() => healthy);
    expect(await world.runOnce()).toMatchObject({ kind: "swept", looked: 30 });
  });

  it("is not believed for ever: somebody's word that it is so ends at its time", async () => {
    const world = await createCheckWorld(30);
    world.finchSays(() => signedOut);
    await world.checkPauses.resume(world.now());
    expect(await world.runOnce()).toMatchObject({ kind: "paused", reason: "too_many_in_trouble" });
  });

  it("of the guard ends after six hours, and all goes on if Finch has come to itself", async () => {
    const world = await createCheckWorld(100);
    world.finchSays(() => signedOut);
    await world.runOnce();
    world.finchSays(() => healthy);
    // It began when the run ended, some seconds before the next one's turn.
    await world.runFor(72);
    expect(world.runs.filter(({ kind }) => kind === "swept").length).toBeGreaterThan(0);
    expect(world.runs.slice(1, 71).map(({ kind }) => kind)).toEqual(Array(70).fill("paused"));
    expect([world.changed().length, world.prompts(), world.alarms()]).toEqual([100, 0, 1]);
  });

  it("ends at once when somebody resumes", async () => {
    const world = await createCheckWorld(100);
    world.finchSays(() => signedOut);
    await world.runOnce();
    world.finchSays(() => healthy);
    await world.checkPauses.resume(undefined);
    expect(await world.runOnce()).toMatchObject({ kind: "swept", looked: 100 });
  });

  it("does not come back for a day when somebody says that it is so: every one is stored and prompted once", async () => {
    const world = await createCheckWorld(1_000);
    world.finchSays(() => signedOut);
    await world.runOnce();
    await world.checkPauses.resume(new Date(world.now().getTime() + 24 * 3_600_000));
    await world.runFor(3);
    expect([world.prompts(), world.changed().length, world.alarms()]).toEqual([1_000, 1_000, 1]);
  });

  it("does not keep one that always fails before all others", async () => {
    const world = await createCheckWorld(300);
    world.finchSays((index) => (index === 0 ? { kind: "platform_trouble", reason: "http_403" } : healthy));
    await world.runFor(6);
    expect(world.changed()).toHaveLength(299);
  });

  it("comes when functions fail, and changes nothing", async () => {
    const world = await createCheckWorld(100);
    const failing = { ...world.sweepDeps, tryConnections: async () => Promise.reject(new Error("it ran out of time")) };
    const pause = { kind: "paused", reason: "too_many_undecided", inTrouble: 0 };
    expect(await sweepChecks(failing)()).toMatchObject(pause);
    expect(world.changed()).toEqual([]);
  });

  it("comes when tokens do not open, and changes nothing", async () => {
    const world = await createCheckWorld(100);
    world.memory.tokens.forEach((token, key) => {
      world.memory.tokens.set(key, { ...token, sealed: { secretName: "gone" } });
    });
    Object.assign(world.looking.vault, { open: async () => Promise.reject(new Error("there is no such secret")) });
    expect(await world.runOnce()).toMatchObject({ kind: "paused", reason: "too_many_undecided" });
    expect([world.changed(), world.memory.tokens.size]).toEqual([[], 100]);
  });
});

describe("the pace", () => {
  it("tells in whole minutes how long what was due longest has been due", async () => {
    const world = await createCheckWorld(3);
    world.advance(7 * minute);
    expect(await world.runOnce()).toEqual({ kind: "swept", looked: 3, undecided: 0, inTrouble: 0, lagMinutes: 8 });
    expect(await world.runOnce()).toMatchObject({ looked: 0, lagMinutes: 0 });
  });

  it("ends a run in time, where the looks themselves are slow", async () => {
    const world = await createCheckWorld(450);
    const begun = world.now().getTime();
    const slow = {
      ...world.sweepDeps,
      tryConnections: async ({ connections }: Parameters<typeof world.sweepDeps.tryConnections>[0]) => {
        world.advance(20_000);
        const looked = connections.length;
        return { looked, undecided: 0, calls: looked, inTrouble: [], standstill: undefined };
      },
    };
    // Four batches at once take 80 seconds here; the third time is beyond what a run has.
    expect(await sweepChecks(slow)()).toMatchObject({ kind: "swept", looked: 300 });
    expect(world.now().getTime() - begun).toBe(240_000);
  });

  it("asks for a look of the sweep's at each that comes to be in trouble", async () => {
    const world = await createCheckWorld(2);
    world.finchSays((index) => (index === 0 ? signedOut : healthy));
    const asked: unknown[] = [];
    const nudgeChecks = async (requests: readonly unknown[]) => void asked.push(...requests);
    await sweepChecks({ ...world.sweepDeps, nudgeChecks })();
    const [{ customerId, connectionId, createdAt } = expect.fail()] = world.made;
    expect(asked).toEqual([{ customerId, connectionId, madeAt: createdAt, reason: "sweep", askedAt: world.now() }]);
  });

  it("is at most a run's calls in any five minutes, however many are due, and the lag tells", async () => {
    const world = await createCheckWorld(450, { perRun: 60 });
    await world.runFor(9);
    expect(world.mostCallsInFiveMinutes()).toBeLessThanOrEqual(80);
    expect(world.changed()).toHaveLength(450);
    const lags = world.runs.flatMap((run) => (run.kind === "swept" ? [run.lagMinutes] : []));
    expect(lags).toEqual(lags.toSorted((a, b) => a - b));
    expect(lags.at(-1)).toBeGreaterThan(30);
  });

  it("is kept within a run, too: its calls are spread over minutes", async () => {
    const world = await createCheckWorld(600);
    await world.runOnce();
    const [first = 0] = world.callTimes;
    const within = (ms: number) => world.callTimes.filter((time) => time - first < ms).length;
    expect(world.callTimes).toHaveLength(600);
    expect(within(minute)).toBeLessThanOrEqual(300);
    expect(within(2 * minute)).toBeLessThanOrEqual(500);
  });

  it("counts every token, also of connections that have several", async () => {
    const world = await createCheckWorld(200, { perRun: 60 });
    for (const [key, connection] of world.memory.connections) {
      const [token] = connection.tokens;
      const sealed = [...world.memory.tokens.values()].find(({ record }) => record.tokenId === token?.tokenId);
      if (token === undefined || sealed === undefined) continue;
      const more = [1, 2, 3].map((n) => ({ ...token, tokenId: `${n}-${token.tokenId}` as typeof token.tokenId }));
      world.memory.connections.set(key, { ...connection, tokens: [...more, token] });
      for (const record of more) world.memory.tokens.set(`${key}#${record.tokenId}`, { ...sealed, record });
    }
    await world.runOnce();
    expect(world.callTimes.length).toBeLessThanOrEqual(60);
    expect(world.callTimes.length).toBeGreaterThan(40);
  });

  it("gives each function a bounded batch, and looks at what is due longest first", async () => {
    const world = await createCheckWorld(130, { perRun: 90 });
    await world.runOnce();
    expect(Math.max(...world.trials.map(({ connections }) => connections.length))).toBe(25);
    const tried = world.trials.flatMap(({ connections }) => connections.map((each) => each.connectionId));
    expect(tried).toEqual(world.made.slice(0, 90).map((each) => each.connectionId));
  });
});
