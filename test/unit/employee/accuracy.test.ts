import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reconcile, reconcileChanges } from "#shared/employee/reconcile.ts";
import type { EmployeeRecord } from "#shared/employee/record.ts";
import { makeEmployeeSet } from "../../support/employee-set/employee-set.ts";
import { scoreSet } from "../../support/employee-set/score.ts";

const set = makeEmployeeSet(1_200, 7);
const { records } = set;
const clustersOf = (all: readonly EmployeeRecord[]) => JSON.stringify([...reconcile(all).clusters()]);

describe("a made-up set whose names no list knows", () => {
  it("merges nobody with another, and finds four pairs of five", () => {
    const score = scoreSet(set);
    expect(score.falsePairs).toEqual({});
    expect(score.precision).toBe(1);
    expect(score.recall).toBeGreaterThan(0.8);
    expect(score.withPossible).toBeGreaterThan(0.98);
    expect(score.possibleShare).toBeLessThan(0.15);
  });

  it("gives the same employees in any order", () => {
    const expected = clustersOf(records);
    fc.assert(
      fc.property(fc.shuffledSubarray([...records], { minLength: records.length }), (shuffled) => {
        expect(clustersOf(shuffled)).toBe(expected);
      }),
      { numRuns: 3 },
    );
  });

  it("loses no record, and has none in two employees", () => {
    const found = [...reconcile(records).clusters()].flatMap(({ sources }) =>
      sources.map((source) => source.individual_id),
    );
    expect(found.toSorted()).toEqual(records.map((record) => record.individual_id).toSorted());
  });
});

describe("decisions", () => {
  const few = records.slice(0, 300);
  const at = fc.nat(few.length - 1);

  it("are obeyed, whatever they are, unless they contradict each other", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(at, at, fc.boolean()), { maxLength: 12 }), (all) => {
        const decisions = all
          .filter(([one, other]) => one !== other)
          .map(([one, other, same]) => ({ a: few[one] as EmployeeRecord, b: few[other] as EmployeeRecord, same }));
        const made = reconcile(few, { decisions });
        for (const { a, b, same } of decisions) {
          if (!same) expect(made.employeeOf(a)?.employee_id).not.toBe(made.employeeOf(b)?.employee_id);
        }
        if (decisions.every(({ same }) => same)) {
          for (const { a, b } of decisions) {
            expect(made.employeeOf(a)?.employee_id).toBe(made.employeeOf(b)?.employee_id);
          }
        }
      }),
      { numRuns: 12 },
    );
  });

  it("splitting and then merging ends where it began", () => {
    const merged = [...reconcile(few).clusters()].filter(({ sources }) => sources.length === 2);
    expect(merged.length).toBeGreaterThan(5);
    for (const { sources } of merged.slice(0, 6)) {
      const [a, b] = sources;
      if (!a || !b) continue;
      const start = reconcile(few);
      const before = JSON.stringify([...start.clusters()]);
      const split = reconcileChanges(start, { decisions: [{ a, b, same: false }] });
      expect(split.employeeOf(a)?.employee_id).not.toBe(split.employeeOf(b)?.employee_id);
      const again = reconcileChanges(split, { decisions: [{ a, b, same: true }] });
      expect(JSON.stringify([...again.clusters()])).toBe(before);
    }
  });
});

it("two who may each be the third are left to the platform", () => {
  const born = { first_name: "Zoraq", last_name: "Vintela", dob: "1980-03-04" };
  const of = (id: string, individual: EmployeeRecord["individual"], ssn_mark: string | null): EmployeeRecord => ({
    connection_id: `conn-${id}`,
    individual_id: id,
    individual,
    ssn_mark,
  });
  const marks = [...new Set(records.flatMap(({ ssn_mark: mark }) => (mark && mark.length > 30 ? [mark] : [])))];
  const [one, unknown, other] = [of("1", born, marks[0] ?? null), of("2", born, null), of("3", born, marks[1] ?? null)];
  expect(reconcile([one, unknown]).counts.employees).toBe(1);
  expect(reconcile([one, unknown, other]).counts.employees).toBe(3);
  const made = reconcileChanges(reconcile([one, unknown]), { changed: [other] });
  expect(made.counts.employees).toBe(3);
  expect(reconcileChanges(made, { removed: [other] }).counts.employees).toBe(1);
});
