/** A made-up set of records whose truth is known, with names, rates and traps of its own: what no rule was fitted to. */
import { createSsnMarker } from "#shared/employee/normalise/ssn-mark.ts";
import type { EmployeeRecord } from "#shared/employee/record.ts";
import { type Chance, createChance } from "./chance.ts";
import { createNames } from "./names.ts";
import { createPeople, type MadePerson } from "./people.ts";

export interface EmployeeSet {
  readonly records: readonly EmployeeRecord[];
  /** Which person an individual is, by individual id. */
  readonly truth: ReadonlyMap<string, string>;
  /** By person: how somebody else was made to look like them; empty for most. */
  readonly traps: ReadonlyMap<string, string>;
}

const titles = ["Fitter", "Clerk", "Nurse", "Cook", "Welder", "Buyer", "Guard", "Tutor", "Painter", "Planner"] as const;
const markSsn = createSsnMarker(new Uint8Array(16).fill(11));

/** Makes at least so many records, at four connections; the same for the same seed. */
export const makeEmployeeSet = (count: number, seed: number): EmployeeSet => {
  const chance = createChance(seed);
  const some = createPeople(chance, createNames(chance));
  const [records, truth, traps]: [EmployeeRecord[], Map<string, string>, Map<string, string>] = [
    [],
    new Map(),
    new Map(),
  ];
  while (records.length < count) {
    for (const person of some()) {
      traps.set(person.id, person.trap);
      const at = [0, 1, 2, 3].filter(() => chance.isIn(0.45));
      for (const connection of at.length > 0 ? at : [chance.below(4)]) {
        // A rehire is there twice.
        for (let turn = 0; turn < (chance.isIn(0.02) ? 2 : 1); turn += 1) {
          const id = `i${records.length}`;
          records.push(recordOf(chance, person, connection, id));
          truth.set(id, person.id);
        }
      }
    }
  }
  return { records, truth, traps };
};

const slip = (chance: Chance, word: string): string => {
  const at = 1 + chance.below(Math.max(1, word.length - 2));
  return chance.isIn(0.5)
    ? word.slice(0, at) + word.slice(at + 1)
    : word.slice(0, at) + word.slice(at, at + 1) + word.slice(at);
};

const contact = (data: string, type: string) => ({ data, type });

/** What one employer's records say of a person: some of it, some of it wrongly. */
const recordOf = (chance: Chance, person: MadePerson, connection: number, id: string): EmployeeRecord => {
  const { home } = person;
  const isMoved = chance.isIn(0.12);
  let [given, family] = [
    person.given,
    person.laterFamily !== "" && connection > 1 ? person.laterFamily : person.family,
  ];
  if (chance.isIn(0.02)) given = slip(chance, given);
  if (chance.isIn(0.02)) family = slip(chance, family);
  if (chance.isIn(0.01)) given = given.slice(0, 1);
  if (chance.isIn(0.008)) [given, family] = [family, given];
  if (chance.isIn(0.1)) [given, family] = [given.toUpperCase(), family.toUpperCase()];
  if (person.suffix !== "" && chance.isIn(0.7)) family = `${family} ${person.suffix}`;
  const digits = `${person.ssn}`;
  const ssn = chance.pick([
    digits,
    digits,
    `***-**-${digits.slice(-4)}`,
    "",
    chance.isIn(0.1) ? "111-11-1111" : digits,
  ]);
  const [year = "", month = "", day = ""] = person.born.split("-");
  const isSwapped = chance.isIn(0.015) && Number(day) <= 12;
  const born = isSwapped ? `${year}-${day}-${month}` : person.born;
  const started = 2008 + chance.below(16);
  return {
    connection_id: `conn-${connection}`,
    individual_id: id,
    individual: {
      first_name: given,
      middle_name:
        person.middle === "" || chance.isIn(0.4) ? null : chance.isIn(0.5) ? person.middle : person.middle.slice(0, 1),
      last_name: family,
      dob: chance.isIn(0.2) ? null : chance.isIn(0.02) ? "1911-11-11" : born,
      gender: chance.isIn(0.3) ? null : person.gender,
      emails: [
        ...(chance.isIn(0.5) ? [contact(person.email, "personal")] : []),
        ...(chance.isIn(0.05) ? [contact("reception@works.invalid", "work")] : []),
      ],
      phone_numbers: [
        ...(chance.isIn(0.5) ? [contact(person.phone, "personal")] : []),
        ...(chance.isIn(0.05) ? [contact("+1 212 555 0000", "work")] : []),
      ],
      residence: chance.isIn(0.25)
        ? null
        : {
            ...home,
            ...(isMoved && { line1: `${1 + chance.below(400)} Meadow Road`, postal_code: "20202" }),
            country: "US",
          },
    },
    employment: {
      title: chance.pick(titles),
      start_date: `${started}-0${1 + chance.below(9)}-10`,
      end_date: chance.isIn(0.5) ? `${started + 1 + chance.below(3)}-0${1 + chance.below(9)}-20` : null,
    },
    ssn_mark: markSsn(ssn) ?? null,
  };
};
