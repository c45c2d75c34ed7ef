import { describe, expect, it } from "vitest";
import type { ConnectionId, CustomerId, TokenId } from "#shared/connection/identifiers.ts";
import type { SealedToken } from "#shared/connection/ports.ts";
import { type KeptSecret, sweepSecrets } from "#shared/connection/sweep-secrets.ts";

const now = new Date("2026-03-04T05:06:07.000Z");
const before = (milliseconds: number) => new Date(now.getTime() - milliseconds);
const day = 24 * 3_600_000;
const inTime = new Date(now.getTime() + 60_000);

const aSecret = (id: string, changes: Partial<KeptSecret> = {}): KeptSecret => ({
  name: `perch/test/${id}`,
  createdAt: before(2 * day),
  token: { customerId: "acme" as CustomerId, connectionId: "conn-1" as ConnectionId, tokenId: id as TokenId },
  ...changes,
});

/** Pages of secrets, the ids of the tokens that have items, and a clock that goes on by `pageMs` with each page. */
const aStore = (pages: readonly (readonly KeptSecret[])[], { items = [] as string[], pageMs = 0 } = {}) => {
  const asked: (string | undefined)[] = [];
  const scheduled: string[] = [];
  let at = now.getTime();
  const sweep = sweepSecrets({
    now: () => new Date(at),
    inventory: {
      list: async (from) => {
        asked.push(from);
        at += pageMs;
        const page = Number(from ?? 0);
        return { secrets: pages[page] ?? [], next: page + 1 < pages.length ? String(page + 1) : undefined };
      },
      scheduleRemoval: async (name) => {
        scheduled.push(name);
      },
    },
    connections: {
      findToken: async (customerId, connectionId, tokenId) =>
        customerId === "acme" && connectionId === "conn-1" && items.includes(tokenId) ? ({} as SealedToken) : undefined,
    },
  });
  return { sweep, asked, scheduled };
};

const many = (count: number, prefix = "lost") =>
  Array.from({ length: count }, (_, index) => aSecret(`${prefix}-${index}`));

describe("the sweep of secrets", () => {
  it("removes those that no token's item names, and leaves the others", async () => {
    const { sweep, scheduled } = aStore([[aSecret("kept"), aSecret("lost")], [aSecret("lost-too")]], {
      items: ["kept"],
    });
    const value = { looked: 3, scheduled: 2, unreadable: 0, next: undefined };
    expect(await sweep(undefined, inTime)).toEqual({ ok: true, value });
    expect(scheduled).toEqual(["perch/test/lost", "perch/test/lost-too"]);
  });

  it.each([
    ["a day old", day, true],
    ["a millisecond younger", day - 1, false],
    ["just made", 0, false],
  ])("takes a secret that is %s for one whose item may still be written: %s ms", async (_, age, isRemoved) => {
    const { sweep, scheduled } = aStore([[aSecret("lost", { createdAt: before(age) })]]);
    await sweep(undefined, inTime);
    expect(scheduled).toHaveLength(isRemoved ? 1 : 0);
  });

  it("leaves and counts those that do not say whose they are", async () => {
    const { sweep, scheduled } = aStore([[aSecret("who", { token: undefined })]]);
    expect(await sweep(undefined, inTime)).toMatchObject({ value: { unreadable: 1, scheduled: 0 } });
    expect(scheduled).toEqual([]);
  });

  it("removes 20 at a time", async () => {
    const { sweep, scheduled } = aStore([many(20)]);
    expect(await sweep(undefined, inTime)).toMatchObject({ ok: true, value: { scheduled: 20 } });
    expect(scheduled).toHaveLength(20);
  });

  it("removes none when there are more, on whichever page, and looks no further", async () => {
    const { sweep, asked, scheduled } = aStore([many(20), many(1, "last"), many(5, "beyond")]);
    const refusal = { reason: "too_many_unnamed", looked: 21, unnamed: 21 };
    expect(await sweep(undefined, inTime)).toEqual({ ok: false, refusal });
    expect(scheduled).toEqual([]);
    expect(asked).toEqual([undefined, "1"]);
  });

  it("counts a secret once, though it is on two pages", async () => {
    const { sweep, scheduled } = aStore([many(15), many(15)]);
    expect(await sweep(undefined, inTime)).toMatchObject({ ok: true, value: { scheduled: 15 } });
    expect(scheduled).toHaveLength(15);
  });

  it("ends at its deadline with what it has found, and goes on from there", async () => {
    const { sweep, asked, scheduled } = aStore([many(1, "a"), many(1, "b"), many(1, "c")], { pageMs: 31_000 });
    expect(await sweep(undefined, inTime)).toMatchObject({ value: { looked: 2, scheduled: 2, next: "2" } });
    expect(await sweep("2", new Date(inTime.getTime() + 60_000))).toMatchObject({
      value: { looked: 1, next: undefined },
    });
    expect(asked).toEqual([undefined, "1", "2"]);
    expect(scheduled).toHaveLength(3);
  });

  it("looks at nothing any more at its deadline itself", async () => {
    const { sweep, asked } = aStore([many(1)]);
    const value = { looked: 0, scheduled: 0, unreadable: 0, next: "3" };
    expect([await sweep("3", now), asked]).toEqual([{ ok: true, value }, []]);
  });

  it("reads a bounded number of pages", async () => {
    const pages = Array.from({ length: 1_200 }, () => []);
    const { sweep, asked } = aStore(pages);
    expect(await sweep(undefined, inTime)).toMatchObject({ value: { next: "1000" } });
    expect(asked).toHaveLength(1_000);
  });

  it("removes nothing when an item cannot be read", async () => {
    const scheduled: string[] = [];
    const sweep = sweepSecrets({
      now: () => now,
      inventory: {
        list: async () => ({ secrets: [aSecret("lost"), aSecret("throttled")], next: undefined }),
        scheduleRemoval: async (name) => {
          scheduled.push(name);
        },
      },
      connections: {
        findToken: async (_customer, _connection, tokenId) => {
          if (tokenId === "throttled") throw new Error("throttled");
          return undefined;
        },
      },
    });
    await expect(sweep(undefined, inTime)).rejects.toThrow("throttled");
    expect(scheduled).toEqual([]);
  });
});
