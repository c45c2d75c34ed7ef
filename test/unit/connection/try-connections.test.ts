/** A trial of the sweep's: which connections it passes by, when it ends, and what becomes of those that it could not try. */
import { describe, expect, it } from "vitest";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { type TryConnectionsDependencies, tryConnections } from "#shared/connection/try-connections.ts";
import { aDisconnect, anIntrospection, aTokenRecord, minute } from "../../support/builders.ts";
import { createCheckWorld, healthy } from "../../support/check-world.ts";

const createStage = async (count: number) => {
  const world = await createCheckWorld(count);
  const failures: unknown[] = [];
  const noteFailure: TryConnectionsDependencies["noteFailure"] = (error, { connectionId }) =>
    void failures.push([error, connectionId]);
  // Chance takes nothing off the interval.
  const deps = { ...world.looking, randomBytes: (length: number) => new Uint8Array(length), noteFailure };
  const run = (changes: Partial<typeof deps> = {}, { mostCalls = 100, lifeMs = minute } = {}) =>
    tryConnections({ ...deps, ...changes })(
      { connections: world.made, mostCalls },
      new Date(world.now().getTime() + lifeMs),
    );
  const made = (index: number) => world.made[index] ?? expect.fail();
  const keyOf = (index: number) => `${made(index).customerId}#${made(index).connectionId}`;
  const stored = (index: number) => world.memory.connections.get(keyOf(index)) ?? expect.fail();
  const change = (index: number, changes: Partial<ReturnType<typeof stored>>) =>
    world.memory.connections.set(keyOf(index), { ...stored(index), ...changes });
  const dueIn = (index: number) => stored(index).nextCheckAt.getTime() - world.now().getTime();
  return { ...world, deps, failures, run, keyOf, stored, change, dueIn };
};

const nothing = { looked: 0, undecided: 0, calls: 0, inTrouble: [], standstill: undefined };
const says = (changes: Partial<ReturnType<typeof anIntrospection>>): IntrospectAnswer => ({
  kind: "introspected",
  introspection: anIntrospection(changes),
});

describe("a trial", () => {
  it("passes by what is gone, is being disconnected, or was looked at since the list was made", async () => {
    const { run, memory, keyOf, change, now, callTimes } = await createStage(4);
    memory.connections.delete(keyOf(0));
    change(1, { disconnect: aDisconnect() });
    change(2, { nextCheckAt: new Date(now().getTime() + 1) });
    change(3, { nextCheckAt: now() });
    expect(await run()).toEqual({ ...nothing, looked: 1, calls: 1 });
    expect(callTimes).toHaveLength(1);
  });

  it("looks without a token whose item is missing: the write is on the version that was read", async () => {
    const { run, memory, keyOf, stored, change } = await createStage(1);
    const [token = expect.fail()] = stored(0).tokens;
    const lost = aTokenRecord({ tokenId: "0-lost" as typeof token.tokenId });
    change(0, { tokens: [lost, token] });
    expect(memory.tokens.has(`${keyOf(0)}#${lost.tokenId}`)).toBe(false);
    expect(await run()).toEqual({ ...nothing, looked: 1, calls: 1 });
  });

  it("puts one that has no token off until its next turn, and counts it nowhere", async () => {
    const { run, memory, dueIn } = await createStage(1);
    memory.tokens.clear();
    expect(await run()).toEqual(nothing);
    expect(dueIn(0)).toBe(24 * 60 * minute);
  });

  it("ends where the calls that are left are too few for the next, also for those that would fit", async () => {
    const { run, change, stored, callTimes } = await createStage(15);
    change(5, { tokens: [...Array.from({ length: 20 }, () => aTokenRecord()), ...stored(5).tokens] });
    // Five are tried at once: the four beside the sixth are under way, and those after it are not.
    expect(await run({}, { mostCalls: 20 })).toMatchObject({ looked: 9, calls: 9 });
    expect(callTimes).toHaveLength(9);
  });

  it("ends where the calls of an hour are used up, and leaves everything as due as it is", async () => {
    const { run, finchSays, made, stored, callTimes } = await createStage(12);
    finchSays(() => ({ kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 60 }));
    expect(await run()).toEqual({ ...nothing, calls: 5, standstill: "budget_used_up" });
    expect(callTimes).toHaveLength(5);
    expect(made.map((_, index) => stored(index))).toEqual(made);
  });

  it("begins no look at its deadline", async () => {
    const { run, callTimes, advance, looking } = await createStage(6);
    expect(await run({}, { lifeMs: 0 })).toEqual(nothing);
    const introspect: typeof looking.finch.introspect = async (token) => {
      advance(10);
      return looking.finch.introspect(token);
    };
    // Five at once; when they are done, its time is over.
    expect(await run({ finch: { introspect } }, { lifeMs: 50 })).toMatchObject({ looked: 5 });
    expect(callTimes).toHaveLength(5);
  });

  it("reports trouble that nobody needs to sign in for, and stores nothing of it", async () => {
    const { run, finchSays, made, stored } = await createStage(2);
    finchSays((index) => (index === 0 ? says({ status: "error_permissions" }) : healthy));
    const [{ customerId, connectionId, createdAt: madeAt } = expect.fail()] = made;
    expect(await run()).toMatchObject({ looked: 2, inTrouble: [{ customerId, connectionId, madeAt }] });
    expect(stored(0)).toEqual(made[0]);
  });
});

describe("one that fails", () => {
  const broken = new Error("the secret is gone");
  const open = async () => Promise.reject(broken);

  it("is told of, counts as undecided, and is put off for half an hour", async () => {
    const { run, deps, failures, made, dueIn } = await createStage(1);
    expect(await run({ vault: { ...deps.vault, open } })).toEqual({ ...nothing, undecided: 1 });
    expect(failures).toEqual([[broken, made[0]?.connectionId]]);
    expect(dueIn(0)).toBe(30 * minute);
  });

  it("stays as due as it was where the table cannot be reached, and keeps no other from its turn", async () => {
    const { run, deps, connections, failures, made, stored } = await createStage(7);
    const down = async () => Promise.reject(new Error("throttled"));
    const vault = { ...deps.vault, open };
    expect(await run({ vault, connections: { ...connections, postpone: down } })).toEqual({ ...nothing, undecided: 7 });
    expect(await run({ connections: { ...connections, find: down } })).toEqual({ ...nothing, undecided: 7 });
    expect(failures).toHaveLength(14);
    expect(made.map((_, index) => stored(index))).toEqual(made);
  });
});
