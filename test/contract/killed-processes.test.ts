/** A process is killed before and after each of its calls: the token is stored, or its loss is told. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Killed, openKilling } from "./kill.ts";
import { type Recovery, ways } from "./killed-ways.ts";

let killing: Awaited<ReturnType<typeof openKilling>>;
beforeAll(async () => {
  killing = await openKilling();
});
afterAll(() => killing?.close());

/** Kills a process at each point of this way; nobody who is not killed leaves anything amiss. */
const killEverywhere = async (name: string, verdict: string, recovery: Recovery): Promise<readonly Killed[]> => {
  const way = ways.find((each) => each.name === name) ?? expect.fail(name);
  const whole = await killing.kill(way, undefined, "nobody tries again");
  expect(whole).toMatchObject({ verdict, found: [] });
  const kills: Killed[] = [];
  for (let point = 1; point <= whole.points.length; point += 1) kills.push(await killing.kill(way, point, recovery));
  process.stdout.write(`killed processes, ${name}: ${kills.length}, at ${whole.points.join(", ")}\n`);
  expect(kills.length).toBeGreaterThanOrEqual(8);
  expect(kills.flatMap(({ points, found }) => found.map((each) => `${points.at(-1)}: ${each}`))).toEqual([]);
  return kills;
};

describe("a process that is killed at every point", () => {
  it("exchanges a code: what was in its hand is told to be lost, all else is fetched when the browser is back", async () => {
    for (const { points, verdict } of await killEverywhere(
      "a new connection",
      "completed connected",
      "it is tried again",
    )) {
      // From the moment at which the code has reached Finch.
      const isInHand = points.includes("before exchange at Finch") && !points.includes("after connections.claim");
      expect([points.at(-1), verdict]).toEqual([points.at(-1), isInHand ? "failed token_lost" : "completed connected"]);
    }
  });

  it("imports a token: it is there when it is brought again", async () => {
    for (const { points, verdict } of await killEverywhere("an import", "imported", "it is tried again")) {
      expect([points.at(-1), verdict]).toEqual([points.at(-1), "imported"]);
    }
  });
});
