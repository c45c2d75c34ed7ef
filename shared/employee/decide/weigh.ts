import type { Evidence } from "../compare/evidence.ts";
import type { Frequency } from "../compare/frequency.ts";
import type { Person } from "../normalise/person.ts";

/**
 * What each agreement and disagreement weighs, in bits: log2 of how much likelier it is of one person than of two (Fellegi and
 * Sunter, "A theory for record linkage", JASA 64, 1969). An SSN is one of some 5 × 10^8, a date of birth one of 20,000; what
 * disagrees weighs what the error rates of such records say. Names weigh by their frequency (Winkler 1989).
 */
const bits = {
  given: { exact: 0, nickname: 5, typo: 5, variant: 5, misspelt: 4, middle: 3, initial: 2.5, missing: 0, conflict: -8 },
  family: { exact: 0, part: 6, misspelt: 6, missing: 0, conflict: -5 },
  middle: { exact: 5, initial: 2.5, missing: 0, conflict: -3 },
  suffix: { same: 4, one: -2, missing: 0, conflict: -16 },
  gender: { same: 1, missing: 0, conflict: -5 },
  dob: { same: 13.5, slip: 4, missing: 0, conflict: -13 },
  ssn: { same: 19, slip: 13, row: 6, four: 10, missing: 0, conflict: -18 },
  address: { same: 8, near: 4, public: 0, missing: 0, different: -1 },
  swapped: 12,
  /** By how many people share the value. */
  email: [0, 13, 6, 0],
  phone: [0, 11, 4, 0],
  ssnShared: [0, 0, -9, -19],
  newYear: -5,
  oneConnection: -4,
} as const;

/** One field's share of the weight. */
export interface Weight {
  readonly field: string;
  readonly level: string;
  readonly bits: number;
}

const rarest = { given: 11, family: 13 } as const;

/** The weight of all evidence that two people are one, in bits, without the odds before any. */
export const weigh = (e: Evidence, a: Person, frequency: Frequency): number => {
  let total = nameBits(e, a, frequency);
  total += bits.middle[e.middle] + bits.suffix[e.suffix] + bits.gender[e.gender] + bits.dob[e.dob];
  total += bits.ssn[e.ssn] + bits.address[e.address];
  if (e.ssn === "same") total += bits.ssnShared[e.ssnSpread] ?? 0;
  if (e.dob === "same" && e.isNewYear) total += bits.newYear;
  if (e.email !== 0) total += bits.email[e.emailSpread] ?? 0;
  if (e.phone !== 0) total += bits.phone[e.phoneSpread] ?? 0;
  if (e.isOneConnection) total += bits.oneConnection;
  return total;
};

/** What the names weigh. */
const nameBits = (e: Evidence, a: Person, frequency: Frequency): number => {
  if (e.isSwapped) return bits.swapped;
  const given = e.given === "exact" ? Math.min(rarest.given, frequency.givenBits(a.given)) : bits.given[e.given];
  const family = e.family === "exact" ? Math.min(rarest.family, frequency.familyBits(a.family)) : bits.family[e.family];
  return given + family;
};

/** The weights one by one, for an explanation; they add up to `weigh`. */
export const weightsOf = (e: Evidence, a: Person, frequency: Frequency): readonly Weight[] => {
  const { given, family } = e;
  const all: Weight[] = e.isSwapped
    ? [{ field: "name", level: "swapped", bits: bits.swapped }]
    : [
        {
          field: "first_name",
          level: given,
          bits: given === "exact" ? Math.min(rarest.given, frequency.givenBits(a.given)) : bits.given[given],
        },
        {
          field: "last_name",
          level: family,
          bits: family === "exact" ? Math.min(rarest.family, frequency.familyBits(a.family)) : bits.family[family],
        },
      ];
  all.push(
    { field: "middle_name", level: e.middle, bits: bits.middle[e.middle] },
    { field: "suffix", level: e.suffix, bits: bits.suffix[e.suffix] },
    { field: "gender", level: e.gender, bits: bits.gender[e.gender] },
    { field: "dob", level: e.dob, bits: bits.dob[e.dob] + (e.dob === "same" && e.isNewYear ? bits.newYear : 0) },
    { field: "ssn", level: e.ssn, bits: bits.ssn[e.ssn] + (e.ssn === "same" ? (bits.ssnShared[e.ssnSpread] ?? 0) : 0) },
    {
      field: "emails",
      level: levelOfShared(e.email, e.emailSpread),
      bits: e.email === 0 ? 0 : (bits.email[e.emailSpread] ?? 0),
    },
    {
      field: "phone_numbers",
      level: levelOfShared(e.phone, e.phoneSpread),
      bits: e.phone === 0 ? 0 : (bits.phone[e.phoneSpread] ?? 0),
    },
    { field: "residence", level: e.address, bits: bits.address[e.address] },
    {
      field: "connection",
      level: e.isOneConnection ? "same" : "different",
      bits: e.isOneConnection ? bits.oneConnection : 0,
    },
  );
  return all.filter(({ level, bits: weight }) => weight !== 0 || level === "conflict");
};

const levelOfShared = (value: number, spread: number): string =>
  value === 0 ? "missing" : spread === 1 ? "same" : spread === 2 ? "shared by two people" : "shared by many";

/**
 * The odds that two records are one person's, in bits: their evidence, less the odds of any two of so many records.
 */
export const posterior = (weight: number, frequency: Frequency): number => weight - Math.max(frequency.level, 8) - 1;

/** Odds in bits as a probability; never 1, since nothing is certain. */
export const confidenceOf = (odds: number): number => Math.min(0.9999, Math.round(10_000 / (1 + 2 ** -odds)) / 10_000);
