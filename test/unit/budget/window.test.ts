/** The rule by which one request is let through, on states that follow from it. */
import { describe, expect, it } from "vitest";
import { budgetOf, limitedProductOf, type Priority } from "#shared/budget/budget.ts";
import { decide, longestWaitMs, nothingSpent, type Spent } from "#shared/budget/window.ts";
import { afterNoon, noon } from "../../support/builders.ts";
import { aBudget, spend } from "./spending.ts";

const second = 1_000;

describe("a budget's window", () => {
  it.each([
    ["company", 20],
    ["payment", 12],
  ] as const)(
    "of %s gives interactive work %i at once, and the next when the first has left Finch's window",
    (name, limit) => {
      const { reserve } = aBudget(name);
      for (let count = 0; count < limit; count += 1) {
        expect(reserve("interactive", noon)).toEqual({ kind: "granted", at: noon });
      }
      const refused = reserve("interactive", noon);
      if (refused.kind !== "refused") return expect.fail("one too many");
      expect(refused.retryAt.getTime() - noon.getTime()).toBeGreaterThanOrEqual(62 * second);
      expect(refused.retryAt.getTime() - noon.getTime()).toBeLessThanOrEqual(62.5 * second);
      expect(reserve("interactive", refused.retryAt)).toEqual({ kind: "granted", at: refused.retryAt });
    },
  );

  it("gives somebody who waits a moment that is to come, each another one once it is taken, and nobody one that is far", () => {
    const { reserve } = aBudget("company");
    for (let count = 0; count < 20; count += 1) reserve("interactive", afterNoon(count * 10));
    const late = afterNoon(58 * second);
    const granted = Array.from({ length: 20 }, () => reserve("interactive", late));
    for (const each of granted) {
      if (each.kind !== "granted") return expect.fail("it comes within five seconds");
      expect(each.at.getTime() - late.getTime()).toBeGreaterThan(4 * second);
      expect(each.at.getTime() - late.getTime()).toBeLessThanOrEqual(longestWaitMs);
    }
    expect(reserve("interactive", late).kind).toBe("refused");
  });

  it("gives background work nothing that is to come", () => {
    const { reserve } = aBudget("company");
    for (let count = 0; count < 20; count += 1) reserve("interactive", noon);
    expect(reserve("background", afterNoon(61 * second)).kind).toBe("refused");
  });

  it("keeps background work apart, and lets it have nine tenths and more", () => {
    const { reserve } = aBudget("company");
    const times: number[] = [];
    for (let now = 0; now < 600 * second; ) {
      const decided = reserve("background", afterNoon(now));
      if (decided.kind === "granted") times.push(now);
      else now = decided.retryAt.getTime() - noon.getTime();
    }
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(2.5 * second);
    expect(times.length / 10).toBeGreaterThanOrEqual(18);
  });

  it("of the address gives the sweep 700, other background work 800, interactive work 900 and exchanges 1,000", () => {
    const { reserve } = aBudget("address");
    const take = (priority: Priority) => {
      for (let count = 0; ; count += 1) if (reserve(priority, noon).kind === "refused") return count;
    };
    const priorities = ["sweep", "background", "interactive", "exchange"] as const;
    expect(priorities.map(take)).toEqual([700, 100, 100, 100]);
  });

  it("of the address is smaller by the part of Finch's limits that Perch may use", () => {
    expect([budgetOf("address", 0.5).limit, budgetOf("payment", 0.3).limit, budgetOf("payment", 0.01).limit]).toEqual([
      500, 3, 1,
    ]);
  });

  it("lets nobody wait for the address's", () => {
    const { reserve } = aBudget("address");
    for (let count = 0; count < 900; count += 1) reserve("interactive", noon);
    expect(reserve("interactive", afterNoon(306 * second)).kind).toBe("refused");
  });

  it("that Finch has refused a request for lets nobody through for a while, but a code", () => {
    const held: Spent = { ...nothingSpent, heldUntil: afterNoon(second).getTime() };
    const of = (priority: Priority, now: Date) => decide(budgetOf("address", 1), held, priority, now);
    expect(of("interactive", noon)).toEqual({ kind: "refused", retryAt: afterNoon(second) });
    expect(of("sweep", noon).kind).toBe("refused");
    expect(of("exchange", noon).kind).toBe("granted");
    expect(of("interactive", afterNoon(second)).kind).toBe("granted");
  });

  it("may be larger for the address, where Finch is simulated", () => {
    const decided = decide(budgetOf("address", 2), thousand, "exchange", noon);
    expect(decided).toMatchObject({ kind: "granted", grant: { tolerates: 999 } });
    expect(decide(budgetOf("address", 1), thousand, "exchange", noon).kind).toBe("refused");
  });

  it("tolerates on an old state only what is no harm", () => {
    const budget = budgetOf("company", 1);
    const first = decide(budget, nothingSpent, "interactive", noon);
    expect(first).toMatchObject({ kind: "granted", grant: { tolerates: 19 } });
    // The pace follows from the last of them.
    expect(decide(budget, nothingSpent, "background", noon)).toMatchObject({ grant: { tolerates: 0 } });
    expect(decide(budgetOf("address", 1), nothingSpent, "background", noon)).toMatchObject({
      grant: { tolerates: 799 },
    });
  });

  it("leaves one to somebody who comes first, and more to those who come after", () => {
    const { reserve } = aBudget("company");
    const work = (from: number, until: number) => {
      let count = 0;
      for (let now = from; now < until; now += 500)
        if (reserve("background", afterNoon(now)).kind === "granted") count += 1;
      return count;
    };
    work(0, 120 * second);
    for (let now = 120; now < 240; now += 12) {
      expect(reserve("interactive", afterNoon(now * second))).toMatchObject({ kind: "granted" });
      work(now * second + 1, (now + 12) * second);
    }
    expect(work(240 * second, 300 * second)).toBeLessThanOrEqual(9);
    expect(work(420 * second, 480 * second)).toBeGreaterThanOrEqual(17);
  });
});

const thousand: Spent = Array.from({ length: 1_000 }).reduce<Spent>(
  (spent) => spend(spent, Math.floor(noon.getTime() / 5_000), "interactive"),
  nothingSpent,
);

describe("a call's product", () => {
  it.each([
    ["/employer/company", "company"],
    ["/employer/directory?limit=1", "directory"],
    ["/employer/individual", "individual"],
    ["/employer/employment", "employment"],
    ["/employer/payment?start_date=2026-01-01", "payment"],
    ["/employer/pay-statement", "pay_statement"],
    ["/employer/pay-statement-item/rule", "pay_statement_item"],
    ["/employer/pay-groups/1", "pay_groups"],
    ["/employer/benefits", undefined],
    ["/employer/constructor", undefined],
    ["/employer/", undefined],
    ["/introspect", undefined],
    ["/auth/token", undefined],
    ["/forward", undefined],
    ["/x/employer/company", undefined],
  ])("of %s is %s", (path, product) => {
    expect(limitedProductOf(path)).toBe(product);
  });
});
