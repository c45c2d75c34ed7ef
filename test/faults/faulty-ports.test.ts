/** The process around the ports: every await is found and counted, and each fault does what it says. */
import { expect, it } from "vitest";
import { afterNoon, noon } from "../support/builders.ts";
import { createMemorySurroundings } from "../support/memory/surroundings.ts";
import { createFaultyProcess, type Fault, type Point } from "./faulty-ports.ts";

const createPorts = () => {
  const effects: string[] = [];
  const act = (name: string) => async () => {
    effects.push(name);
    return name;
  };
  return {
    effects,
    ports: { store: { first: act("first"), second: act("second") }, later: act("later"), name: () => "x" },
  };
};

const runWith = async (points: readonly Point[]) => {
  const { effects, ports } = createPorts();
  const clock = createMemorySurroundings();
  const process = createFaultyProcess(ports, clock, { points, endsAt: afterNoon(100_000) });
  const outcome = await process.run(async () => {
    const { store, later, name } = process.ports;
    return [await store.first(), name(), await store.second(), await later()];
  });
  const passedMs = clock.now().getTime() - noon.getTime();
  return { outcome, effects, calls: process.calls, hasDied: process.hasDied(), passedMs };
};

it("finds every function that answers with a promise, whatever port it is of, and no other", async () => {
  for (const _ of ["learns which are awaited", "knows them"]) {
    const { calls, outcome } = await runWith([]);
    expect(calls).toEqual(["store.first", "store.second", "later"]);
    expect(outcome).toEqual(["first", "x", "second", "later"]);
  }
});

it.each<[Fault, { effects: string[]; outcome: unknown; hasDied: boolean; passedMs: number }]>([
  [
    "fails before its effect",
    { effects: ["first"], outcome: { threw: expect.any(Error) }, hasDied: false, passedMs: 0 },
  ],
  [
    "fails after its effect",
    { effects: ["first", "second"], outcome: { threw: expect.any(Error) }, hasDied: false, passedMs: 0 },
  ],
  ["is throttled", { effects: ["first"], outcome: { threw: expect.any(Error) }, hasDied: false, passedMs: 0 }],
  ["times out", { effects: ["first"], outcome: { threw: expect.any(Error) }, hasDied: false, passedMs: 10_000 }],
  [
    "loses its answer",
    { effects: ["first", "second"], outcome: { threw: expect.any(Error) }, hasDied: false, passedMs: 10_000 },
  ],
  [
    "answers after 40 s",
    {
      effects: ["first", "second", "later"],
      outcome: ["first", "x", "second", "later"],
      hasDied: false,
      passedMs: 40_000,
    },
  ],
  ["never answers", { effects: ["first"], outcome: "died", hasDied: true, passedMs: 100_000 }],
  ["dies before its effect", { effects: ["first"], outcome: "died", hasDied: true, passedMs: 0 }],
  ["dies after its effect", { effects: ["first", "second"], outcome: "died", hasDied: true, passedMs: 0 }],
])("a call that %s", async (fault, expected) => {
  await runWith([]);
  expect(await runWith([{ call: 2, fault }])).toMatchObject(expected);
});

it("does nothing more once the process's time is over", async () => {
  const points: Point[] = [1, 2].map((call) => ({ call, fault: "answers after 40 s" }));
  const { effects, ports } = createPorts();
  const clock = createMemorySurroundings();
  const process = createFaultyProcess(ports, clock, { points, endsAt: afterNoon(80_000) });
  const outcome = await process.run(async () => {
    await process.ports.store.first();
    await process.ports.store.second();
    return process.ports.later();
  });
  expect([outcome, effects]).toEqual(["died", ["first", "second"]]);
});
