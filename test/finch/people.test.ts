import { describe, expect, it } from "vitest";
import { asMailbox } from "../../local/finch/identity.ts";
import { type PeopleSample, type Person, personOf, variations } from "../../local/finch/people.ts";

const aSample: PeopleSample = { seed: "acme", count: 1000, domain: "acme.example" };

const peopleOf = (sample: PeopleSample): readonly Person[] =>
  Array.from({ length: sample.count }, (_, index) => personOf(sample, index));

const shareOf = (people: readonly Person[], has: (person: Person) => boolean) =>
  people.filter(has).length / people.length;

const keyOf = ({ origin }: Person) => `${origin.seed}#${origin.index}`;

describe("made-up people", () => {
  it("are the same for a seed, and others for another", () => {
    expect(peopleOf(aSample)).toEqual(peopleOf(aSample));
    expect(personOf({ ...aSample, count: 5 }, 4)).toEqual(personOf(aSample, 4));
    const others = peopleOf({ ...aSample, seed: "zenith" });
    const emails = new Set(peopleOf(aSample).flatMap(({ personalEmail }) => personalEmail ?? []));
    expect(others.filter(({ personalEmail }) => emails.has(personalEmail ?? ""))).toEqual([]);
  });

  it("are as different as people are, and not all is known of everybody", () => {
    const people = peopleOf(aSample);
    expect(
      new Set(people.map(({ firstName, lastName, dob }) => `${firstName} ${lastName} ${dob}`)).size,
    ).toBeGreaterThan(990);
    expect(new Set(people.flatMap(({ personalEmail }) => personalEmail ?? [])).size).toBeGreaterThan(700);
    expect(shareOf(people, ({ isActive }) => !isActive)).toBeGreaterThan(0.03);
    expect(shareOf(people, ({ isActive }) => !isActive)).toBeLessThan(0.15);
    expect(shareOf(people, ({ personalEmail }) => personalEmail === null)).toBeCloseTo(0.25, 1);
    expect(shareOf(people, ({ dob }) => dob === null)).toBeCloseTo(0.03, 1);
    for (const { dob, isActive, endDate, startDate, ssn } of people) {
      expect(dob ?? "1970-01-01").toMatch(/^(19[5-9]|200)\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d)$/);
      expect(endDate === null).toBe(isActive);
      expect((endDate ?? "9999") > startDate).toBe(true);
      // Numbers that begin with 9 are nobody's.
      expect(ssn).toMatch(/^9\d\d-\d\d-\d{4}$/);
    }
  });

  it("have a manager above them, and one person has none", () => {
    const people = peopleOf(aSample);
    expect(people.filter(({ managerIndex }) => managerIndex === null)).toHaveLength(1);
    expect(people.every(({ index, managerIndex }) => (managerIndex ?? -1) < index)).toBe(true);
  });

  it("are as many as asked for: 100,000, too", () => {
    expect(peopleOf({ ...aSample, count: 100_000 })).toHaveLength(100_000);
  });

  it.each([
    [0, 0],
    [0.3, 300],
    [0.29, 290],
    [1, 1000],
  ])("may work for two employers: a share of %d of them, exactly", (share, shared) => {
    const there = peopleOf(aSample);
    const here = peopleOf({ ...aSample, seed: "zenith", overlap: { seed: "acme", share, variations: 0 } });
    const both = here.filter(({ origin }) => origin.seed === "acme");
    expect(both).toHaveLength(shared);
    expect(new Set(here.map(keyOf)).size).toBe(1000);
    for (const { origin, firstName, lastName, dob, personalEmail, ssn, variation } of both) {
      expect(there[origin.index]).toMatchObject({ firstName, lastName, dob, personalEmail, ssn });
      expect(variation).toBeUndefined();
    }
  });

  it("may be known there under something else, each in one way", () => {
    const overlap = { seed: "acme", share: 0.5, variations: 0.4 };
    const here = peopleOf({ ...aSample, seed: "zenith", overlap });
    const varied = here.filter(({ variation }) => variation !== undefined);
    expect(varied).toHaveLength(200);
    expect(new Set(varied.map(({ variation }) => variation))).toEqual(new Set(variations));
    for (const person of varied) {
      const there = personOf(aSample, person.origin.index);
      expect(person.ssn).toBe(there.ssn);
      expect(person.variation === "without_dob" ? person.dob : there.dob).toBe(
        person.variation === "without_dob" ? null : person.dob,
      );
      if (person.variation === "without_accents") expect(asMailbox(person.lastName)).toBe(asMailbox(there.lastName));
      if (person.variation === "upper_case") expect(person.lastName).toBe(there.lastName.toUpperCase());
      if (person.variation === "nickname")
        expect([there.preferredName, there.firstName[0]]).toContain(person.firstName);
      if (person.variation === "without_email") expect(person.personalEmail).toBeNull();
      if (person.variation === "without_middle_name") expect(person.middleName).toBeNull();
      if (person.variation === "email_in_upper_case") {
        expect(person.personalEmail?.toLowerCase()).toBe(there.personalEmail?.toLowerCase());
      }
    }
  });
});
