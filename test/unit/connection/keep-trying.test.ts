import { describe, expect, it } from "vitest";
import { keepTrying } from "#shared/connection/keep-trying.ts";
import { afterNoon } from "../../support/builders.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";

describe("keeping to try", () => {
  it("returns at once what is done, also when that is nothing", async () => {
    const surroundings = createMemorySurroundings();
    expect(await keepTrying(surroundings, afterNoon(1_000), async () => ({ done: undefined }))).toBeUndefined();
    expect(surroundings.sleeps).toEqual([]);
  });

  it("repeats what is to be repeated and what throws, after pauses that grow up to two seconds", async () => {
    const surroundings = createMemorySurroundings();
    let steps = 0;
    const step = async () => {
      steps += 1;
      if (steps > 10) return { done: steps };
      if (steps % 2 === 0) throw new Error("throttled");
      return "again" as const;
    };
    expect(await keepTrying(surroundings, afterNoon(60_000), step)).toBe(11);
    const longest = [50, 100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000, 2_000];
    expect(surroundings.sleeps).toHaveLength(longest.length);
    surroundings.sleeps.forEach((pause, index) => {
      expect(pause).toBeGreaterThanOrEqual((longest[index] ?? 0) / 2);
      expect(pause).toBeLessThanOrEqual(longest[index] ?? 0);
    });
    // Two that collide do not collide again and again.
    expect(new Set(surroundings.sleeps.slice(6)).size).toBeGreaterThan(1);
  });

  it("throws what was thrown last once the deadline has come, and does not go beyond it", async () => {
    const surroundings = createMemorySurroundings();
    let steps = 0;
    const failing = keepTrying(surroundings, afterNoon(5_000), async () => {
      steps += 1;
      throw new Error(`failure ${steps}`);
    });
    await expect(failing).rejects.toThrow(/^failure \d+$/);
    await expect(failing).rejects.toThrow(`failure ${steps}`);
    expect(surroundings.now().getTime()).toBeLessThan(afterNoon(5_000).getTime());
    expect(steps).toBeGreaterThan(5);
  });

  it("begins no pause that may end with the deadline", async () => {
    for (const [lifeMs, expected] of [
      [50, 1],
      [51, 2],
    ] as const) {
      let steps = 0;
      const step = async () => {
        steps += 1;
        return "again" as const;
      };
      // Chance makes the pause as long as it may be.
      const surroundings = { ...createMemorySurroundings(), randomBytes: () => Uint8Array.of(255) };
      await expect(keepTrying(surroundings, afterNoon(lifeMs), step)).rejects.toThrow();
      expect(steps).toBe(expected);
    }
  });

  it("says so when it was never done", async () => {
    const never = keepTrying(createMemorySurroundings(), afterNoon(1_000), async () => "again");
    await expect(never).rejects.toThrow("not done before the deadline");
  });

  it("takes one step even after the deadline", async () => {
    expect(await keepTrying(createMemorySurroundings(), afterNoon(-1), async () => ({ done: 1 }))).toBe(1);
  });
});
