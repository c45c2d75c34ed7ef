import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reconcile, reconcileChanges } from "#shared/employee/reconcile.ts";
import type { EmployeeRecord } from "#shared/employee/record.ts";
import { personOf } from "../../../local/finch/people.ts";
import { aRecord, contacts } from "../../support/people.ts";

/** So many people at two employers, some at both: the truth is who came from one seed and number. */
const twoEmployers = (count: number): { readonly record: EmployeeRecord; readonly truth: string }[] =>
  ["acme", "globex"].flatMap((seed) =>
    Array.from({ length: count }, (_, index) => {
      const overlap = seed === "globex" ? { seed: "acme", share: 0.4, variations: 0.5 } : undefined;
      const who = personOf({ seed, count, domain: `${seed}.com`, overlap }, index);
      const record = aRecord({
        first_name: who.firstName,
        middle_name: who.middleName,
        last_name: who.lastName,
        preferred_name: who.preferredName,
        dob: who.dob,
        gender: who.gender,
        emails: contacts(...(who.personalEmail === null ? [] : [who.personalEmail])),
        ssn: who.ssn,
        residence: who.residence,
        connection: seed,
        of: `${seed}-${index}`,
      });
      return { record, truth: `${who.origin.seed} ${who.origin.index}` };
    }),
  );

const people = twoEmployers(80);
const records = people.map(({ record }) => record);
const told = (made: ReturnType<typeof reconcile>) => JSON.stringify([[...made.employees()], made.possibleMatches()]);

describe("reconcile", () => {
  it("merges nobody with another, and finds nearly all, of people known by their seed", () => {
    const truths = new Map(people.map(({ record, truth }) => [record.individual_id, truth]));
    const employees = [...reconcile(records).clusters()];
    for (const { sources } of employees)
      expect(new Set(sources.map(({ individual_id: id }) => truths.get(id))).size).toBe(1);
    const merged = employees.filter(({ sources }) => sources.length > 1).length;
    expect(merged / (records.length - new Set(truths.values()).size)).toBeGreaterThan(0.9);
  });

  it("reads texts of any length and script, and compares where they begin", () => {
    const long = ["é", "a", "x ", "ß", "\ud800", "李"].map((part) => part.repeat(200_000));
    const made = long.flatMap((text, index) =>
      ["acme", "globex"].map((connection) =>
        aRecord({
          first_name: text,
          last_name: text,
          dob: `1980-01-0${index + 1}`,
          emails: contacts(`${text}@example.com`),
          residence: { line1: text, line2: null, city: text, state: null, postal_code: text, country: null },
          connection,
          of: `${connection}-${index}`,
        }),
      ),
    );
    const reconciled = reconcile(made);
    const sizes = [...reconciled.clusters()].map(({ sources }) => sources.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(made.length);
    expect(told(reconciled)).toContain("acme-0");
  });

  it("says the same whatever the order of its input", () => {
    const expected = told(reconcile(records));
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(told(reconcile(shuffled))).toBe(expected);
      }),
      { numRuns: 5 },
    );
  });

  it("gives each merge its evidence, one join fewer than there are individuals", () => {
    for (const { sources, why } of reconcile(records).employees()) {
      expect(why).toHaveLength(sources.length - 1);
      for (const { rule, evidence } of why) expect([rule !== "", evidence.length > 1]).toEqual([true, true]);
    }
  });

  it("tells no SSN, not even in part", () => {
    const name = { first_name: "Anouk", last_name: "Abernathy", ssn: "216-44-1093" };
    // By names of their own: what is made of them has no digits by chance.
    const [a, b] = [aRecord({ ...name, of: "one" }), aRecord({ ...name, of: "other", connection: "b" })];
    const made = reconcile([a, b]);
    expect(made.counts.employees).toBe(1);
    const text = told(made) + JSON.stringify(made.explain(a, b));
    expect(text).not.toMatch(/216|1093/);
    expect(text).not.toContain(a.ssn_mark);
  });

  it("keeps an employee's id when a record comes that is before all others", () => {
    const [late, first] = [
      aRecord({ first_name: "Jane", last_name: "Abernathy", ssn: "216-44-1093", connection: "m", of: "2" }),
      aRecord({ first_name: "Jane", last_name: "Abernathy", ssn: "216-44-1093", connection: "a", of: "1" }),
    ];
    const [before] = [...reconcile([late]).employees()];
    const [after] = [...reconcile([first, late], { knownIds: before ? [before] : [] }).employees()];
    expect(after?.sources).toHaveLength(2);
    expect(after?.employee_id).toBe(before?.employee_id);
  });

  it("a doubled record is one source", () => {
    const one = aRecord({ first_name: "Jane", last_name: "Abernathy" });
    expect([...reconcile([one, { ...one }]).clusters()]).toEqual([
      {
        employee_id: expect.stringMatching(/^emp_[0-9a-f]{24}$/),
        sources: [{ connection_id: "conn-a", individual_id: one.individual_id }],
      },
    ]);
  });
});

describe("decisions of the platform", () => {
  const [a, b] = [
    aRecord({ first_name: "Jane", last_name: "Abernathy", ssn: "216-44-1093" }),
    aRecord({ first_name: "Jane", last_name: "Abernathy", ssn: "216-44-1093", connection: "b" }),
  ];
  const stranger = aRecord({ first_name: "Otto", last_name: "Quist", dob: "1990-02-02" });

  it("not the same: holds against all evidence, and is explained", () => {
    const made = reconcile([a, b], { decisions: [{ a: b, b: a, same: false }] });
    expect(made.counts.employees).toBe(2);
    expect(made.possibleMatches()).toEqual([]);
    expect(made.explain(a, b)).toMatchObject({ merged: false, rule: expect.stringContaining("the platform has said") });
  });

  it("the same: joins what shows nothing in common, and is explained", () => {
    const made = reconcile([a, b, stranger], { decisions: [{ a, b: stranger, same: true }] });
    expect(made.counts.employees).toBe(1);
    expect(made.explain(b, stranger)).toMatchObject({ merged: true, through: [{}, {}] });
  });

  it("of two that contradict each other, the one that keeps apart holds", () => {
    const both = [
      { a, b, same: false },
      { a, b, same: true },
    ];
    expect(reconcile([a, b], { decisions: both }).counts.employees).toBe(2);
  });
});

describe("reconcileChanges", () => {
  it("ends as reconciling everything does, whatever comes, goes and changes", () => {
    const change = fc.record({ at: fc.nat(records.length - 1), how: fc.constantFrom("remove", "other", "restore") });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 10 }), (all) => {
        const now = new Map(records.map((record) => [record.individual_id, record]));
        let made = reconcile(records);
        for (const { at, how } of all) {
          const record = records[at] as EmployeeRecord;
          const other = records[(at * 7 + 3) % records.length] as EmployeeRecord;
          const ids = [...made.clusters()];
          const next =
            how === "other" ? { ...record, individual: other.individual, ssn_mark: other.ssn_mark ?? null } : record;
          if (how === "remove") now.delete(record.individual_id);
          else now.set(record.individual_id, next);
          made = reconcileChanges(made, how === "remove" ? { removed: [record] } : { changed: [next] });
          expect([...made.clusters()]).toEqual([...reconcile(now.values(), { knownIds: ids }).clusters()]);
          expect(made.possibleMatches()).toEqual(reconcile(now.values(), { knownIds: ids }).possibleMatches());
        }
      }),
      { numRuns: 3 },
    );
  });

  it("takes decisions, and says whom it changed", () => {
    const [a, b] = [records[0] as EmployeeRecord, records[1] as EmployeeRecord];
    const made = reconcileChanges(reconcile(records), { decisions: [{ a, b, same: true }] });
    expect(made.employeeOf(a)?.employee_id).toBe(made.employeeOf(b)?.employee_id);
    expect(made.changed?.employee_ids).toContain(made.employeeOf(a)?.employee_id);
    expect(made.changed?.gone).toHaveLength(1);
  });

  it("refuses a run that a later one took over", () => {
    const first = reconcile(records.slice(0, 3));
    reconcileChanges(first, {});
    expect(() => reconcileChanges(first, {})).toThrow(RangeError);
  });
});
