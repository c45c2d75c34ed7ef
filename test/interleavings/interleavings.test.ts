/** Two to four callers that meet, in a thousand orders: no rule is broken in any. A failure names the seed of its order. */
import { expect, it } from "vitest";
import type { World } from "../support/world.ts";
import { firstSeed, interleave, interleaveAll } from "./interleave.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";

const seeds = 100;

it("keeps every rule, whoever comes first", async () => {
  const { runs, violations } = await interleaveAll(seeds);
  process.stdout.write(`interleavings: ${runs} from seed ${firstSeed}\n`);
  expect(violations).toEqual([]);
  expect(runs).toBeGreaterThanOrEqual(1_000);
});

/** How many seeds it takes to find a planted bug. */
const seedsUntilFound = async (race: string, plant: (world: World, scheduler: Scheduler) => void): Promise<number> => {
  for (let offset = 0; offset < seeds; offset += 1) {
    if ((await interleave(race, firstSeed + offset, plant)).length > 0) return offset + 1;
  }
  return Number.POSITIVE_INFINITY;
};

it("finds a claim that reads the owner first and writes without a condition", async () => {
  const plant = (world: World, { turn }: Scheduler) => {
    const { claim } = world.connections;
    Object.assign(world.connections, {
      claim: async (asked: Parameters<typeof claim>[0]) => {
        const { connectionId } = asked.connection;
        const isFree = !world.memory.owners.has(connectionId);
        await turn();
        if (isFree) world.memory.owners.delete(connectionId);
        return claim(asked);
      },
    });
  };
  expect(await seedsUntilFound("two customers, one connection", plant)).toBeLessThanOrEqual(seeds);
});

it("finds a count that is read first and written later", async () => {
  const plant = (world: World, { turn }: Scheduler) => {
    const { claim } = world.connections;
    Object.assign(world.connections, {
      claim: async (asked: Parameters<typeof claim>[0]) => {
        const { customerId } = asked.connection;
        const customer = world.memory.customers.get(customerId);
        await turn();
        if (customer) world.memory.customers.set(customerId, customer);
        return claim(asked);
      },
    });
  };
  expect(await seedsUntilFound("mode single, three connections", plant)).toBeLessThanOrEqual(seeds);
});

it("finds a beginning of an exchange that does not keep others out", async () => {
  const plant = (world: World, { turn }: Scheduler) => {
    const { beginExchange } = world.sessions;
    Object.assign(world.sessions, {
      beginExchange: async (...asked: Parameters<typeof beginExchange>) => {
        const [{ sessionId }] = asked;
        const before = world.memory.sessions.get(sessionId);
        await turn();
        if (before?.status === "open") world.memory.sessions.set(sessionId, before);
        return beginExchange(...asked);
      },
    });
  };
  expect(await seedsUntilFound("the same code, four times", plant)).toBeLessThanOrEqual(seeds);
});

it("takes the same order for the same seed, and others for others", async () => {
  const orderOf = async (seed: number) => {
    const order: string[] = [];
    const scheduler = createScheduler(seed);
    const port = scheduler.share({ step: async (name: string) => void order.push(name) });
    const caller = (name: string) => async () => {
      for (const _ of [1, 2, 3]) await port.step(name);
    };
    await scheduler.run([caller("a"), caller("b"), caller("c")]);
    return order.join("");
  };
  expect(await orderOf(7)).toBe(await orderOf(7));
  const orders = await Promise.all(Array.from({ length: 20 }, (_, seed) => orderOf(seed)));
  expect(new Set(orders).size).toBeGreaterThan(10);
});
