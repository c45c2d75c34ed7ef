/** The process of an exchange is killed before and after each of its calls: the token is stored, or its loss is told. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Killed, openKilling, ways } from "./kill-exchange.ts";

let killing: Awaited<ReturnType<typeof openKilling>>;
beforeAll(async () => {
  killing = await openKilling();
}, 60_000);
afterAll(() => killing?.close());

const [newConnection] = ways;

describe("a process that exchanges a code", () => {
  it("is killed at every point: what was in its hand is told to be lost, all else is fetched when the browser is back", async () => {
    const way = newConnection ?? expect.fail();
    const whole = await killing.kill(way, undefined, "nobody comes back");
    expect(whole).toMatchObject({ verdict: "completed connected", found: [] });
    const kills: Killed[] = [];
    for (let point = 1; point <= whole.points.length; point += 1) {
      kills.push(await killing.kill(way, point, "the browser comes back"));
    }
    process.stdout.write(`killed processes: ${kills.length}, at ${whole.points.join(", ")}\n`);
    expect(kills.length).toBeGreaterThanOrEqual(8);
    expect(kills.flatMap(({ points, found }) => found.map((each) => `${points.at(-1)}: ${each}`))).toEqual([]);
    for (const { points, verdict } of kills) {
      // From the moment at which the code has reached Finch.
      const isInHand = points.includes("before exchange at Finch") && !points.includes("after connections.claim");
      expect([points.at(-1), verdict]).toEqual([points.at(-1), isInHand ? "failed token_lost" : "completed connected"]);
    }
  }, 60_000);
});
