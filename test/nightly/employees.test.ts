import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { reconcile } from "#shared/employee/reconcile.ts";
import type { EmployeeRecord } from "#shared/employee/record.ts";
import { createChance } from "../support/employee-set/chance.ts";
import { makeEmployeeSet } from "../support/employee-set/employee-set.ts";
import { findKeptSets, readKeptSet } from "../support/employee-set/kept-sets.ts";
import { scoreSet } from "../support/employee-set/score.ts";
import { recordFigure } from "../support/evidence.ts";

describe("made-up sets, whose traps are far more frequent than in life", () => {
  it.each([11, 12, 13])("20,000 records of seed %i", (seed) => {
    const score = scoreSet(makeEmployeeSet(20_000, seed));
    expect(score.precision).toBeGreaterThan(0.9993);
    expect(score.recall).toBeGreaterThan(0.8);
    expect(score.withPossible).toBeGreaterThan(0.97);
    expect(score.possibleShare).toBeLessThan(0.15);
  });
});

const orders = 100;

/** A hash of all that comes of records: employees with fields, evidence and conflicts, and possible matches. */
const outcomeOf = (records: Iterable<EmployeeRecord>): { readonly hash: string; readonly counts: object } => {
  const reconciliation = reconcile(records);
  const hash = createHash("sha256");
  for (const employee of reconciliation.employees()) hash.update(`${JSON.stringify(employee)}\n`);
  for (const match of reconciliation.possibleMatches()) hash.update(`${JSON.stringify(match)}\n`);
  return { hash: hash.digest("hex"), counts: reconciliation.counts };
};

const shuffle = <Item>(items: readonly Item[], chance: ReturnType<typeof createChance>): readonly Item[] => {
  const shuffled = [...items];
  for (let at = shuffled.length - 1; at > 0; at -= 1) {
    const other = chance.below(at + 1);
    [shuffled[at], shuffled[other]] = [shuffled[other] as Item, shuffled[at] as Item];
  }
  return shuffled;
};

describe(`${orders} orders of 10,000 records give the same outcome to the last byte`, () => {
  const sets = new Map([
    ["made up here", () => makeEmployeeSet(10_000, 21).records],
    ...findKeptSets("public-10000").map((name) => [name, () => readKeptSet(name)] as const),
  ]);

  it.each([...sets.keys()])("%s", { timeout: 1_800_000 }, (name) => {
    const records = sets.get(name)?.() ?? [];
    expect(records.length).toBeGreaterThanOrEqual(10_000);
    const expected = outcomeOf(records);
    const chance = createChance(22);
    for (let turn = 0; turn < orders; turn += 1) expect(outcomeOf(shuffle(records, chance))).toEqual(expected);
    recordFigure(
      `orders of ${records.length} records, ${name}`,
      orders,
      "orders",
      "The same records give the same employees, evidence and possible matches to the last byte, whatever their order",
    );
  });
});
