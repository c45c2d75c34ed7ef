/** The rounds of one run of the sweep of checks: what each is given of the run's calls and time, and which is the last. */
import { describe, expect, it } from "vitest";
import { sweepChecks } from "#shared/connection/sweep-checks.ts";
import type { Trial } from "#shared/connection/try-connections.ts";
import { createCheckWorld } from "../../support/check-world.ts";

/** A run over so many connections, whose functions make so many calls each and take so long. */
const run = async (
  count: number,
  { perRun = 600, callsOf = ({ connections }: Trial) => connections.length, tookMs = 0 },
) => {
  const world = await createCheckWorld(count, { perRun });
  const trials: (readonly [number, number])[] = [];
  const swept = await sweepChecks({
    ...world.sweepDeps,
    tryConnections: async (trial) => {
      trials.push([trial.connections.length, trial.mostCalls]);
      world.advance(tookMs);
      const looked = trial.connections.length;
      return { looked, undecided: 0, calls: callsOf(trial), inTrouble: [], standstill: undefined };
    },
  })();
  return { swept, trials, sleeps: world.sleeps };
};

const round = (batches: number, mostCalls: number) => Array.from({ length: batches }, () => [25, mostCalls] as const);

describe("a run", () => {
  it("pauses between its rounds, and not after the last", async () => {
    const { trials, sleeps, swept } = await run(200, {});
    expect(trials).toEqual([...round(4, 150), ...round(4, 125)]);
    // A hundred of 600 calls are a sixth of three and a half minutes.
    expect(sleeps).toEqual([35_000]);
    expect(swept).toMatchObject({ kind: "swept", looked: 200 });
  });

  it("tries nothing where nothing is due, and does not pause", async () => {
    expect(await run(0, {})).toMatchObject({ trials: [], sleeps: [], swept: { kind: "swept", looked: 0 } });
  });

  it("gives a round what the ones before have left, to fewer batches where that is less than a call for each", async () => {
    const callsOf = ({ mostCalls }: Trial) => Math.min(mostCalls, 37);
    const { trials } = await run(150, { perRun: 150, callsOf });
    // Four times 37 of 150 leave two.
    expect(trials).toEqual([...round(4, 37), ...round(2, 1)]);
    const { trials: narrower } = await run(200, { perRun: 202, callsOf: ({ mostCalls }) => mostCalls });
    expect(narrower).toEqual([...round(4, 50), ...round(2, 1)]);
  });

  it("ends where its calls are used up, and does not pause", async () => {
    const { trials, sleeps } = await run(200, { perRun: 200, callsOf: ({ mostCalls }) => mostCalls });
    expect([trials, sleeps]).toEqual([round(4, 50), []]);
  });

  it.each([
    ["begins no round when its time is over", 225_000 / 4, 4],
    ["begins one while there is time", 225_000 / 4 - 1, 8],
  ])("%s", async (_, tookMs, expected) => {
    expect((await run(300, { tookMs })).trials).toHaveLength(expected);
  });
});
