/** The process of an exchange or an import is killed at every point of every way that it may go, and it is tried again, or not. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openKilling } from "../contract/kill.ts";
import { recoveries, ways } from "../contract/killed-ways.ts";
import { recordFigure } from "../support/evidence.ts";

let killing: Awaited<ReturnType<typeof openKilling>>;
beforeAll(async () => {
  killing = await openKilling();
}, 60_000);
let kills = 0;
afterAll(async () => {
  await killing?.close();
  process.stdout.write(`killed processes: ${kills}\n`);
});

describe.each(recoveries)("a process is killed, and %s", (recovery) => {
  it.each(ways)("$name", async (way) => {
    const whole = await killing.kill(way, undefined, recovery);
    expect(whole.found).toEqual([]);
    for (let point = 1; point <= whole.points.length; point += 1) {
      const { points, verdict, found } = await killing.kill(way, point, recovery);
      kills += 1;
      expect([points.at(-1), ...found]).toEqual([points.at(-1)]);
      expect([whole.verdict, ...way.alsoRight[recovery]]).toContain(verdict);
    }
    const claim = "A process that is killed at any point loses no token silently, and stores none twice";
    recordFigure("killed processes", kills, "kills", claim);
  });
});
