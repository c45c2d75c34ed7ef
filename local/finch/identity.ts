/** Who a made-up person is, wherever that person works: the same in every connection that knows the person. */
import { cities, firstNames, lastNames, streets } from "./people-words.ts";
import { type SeededRandom, seededRandom } from "./seeded-random.ts";

const ethnicities = [
  "asian",
  "white",
  "black_or_african_american",
  "native_hawaiian_or_pacific_islander",
  "american_indian_or_alaska_native",
  "hispanic_or_latino",
  "two_or_more_races",
  "decline_to_specify",
] as const;
const maritalStatuses = ["single", "married", "divorced", "widowed", "domestic_partner", "unknown"] as const;

/** Finch's form of an address. */
export type Location = {
  readonly line1: string | null;
  readonly line2: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postal_code: string | null;
  readonly country: string | null;
};

/** Who a person is. */
export type Identity = {
  readonly firstName: string;
  readonly middleName: string | null;
  readonly lastName: string;
  readonly preferredName: string | null;
  readonly gender: "female" | "male" | "other" | "decline_to_specify";
  readonly ethnicity: (typeof ethnicities)[number];
  readonly maritalStatus: (typeof maritalStatuses)[number];
  /** `YYYY-MM-DD`; not every provider knows it of everybody. */
  readonly dob: string | null;
  /** Often missing. */
  readonly personalEmail: string | null;
  readonly phone: string | null;
  readonly residence: Location;
  /** In a range that is never given to anybody: it begins with 9. */
  readonly ssn: string;
};

/** The person with this number among those of a seed. */
export const identityOf = (seed: string, index: number): Identity => {
  const random = seededRandom(`${seed} identity`, index);
  const kind = random.chance(0.06) ? "other" : random.pick(["female", "male"] as const);
  const [firstName, preferredName = null] = random.pick(firstNames[kind]);
  const lastName = random.pick(lastNames);
  const year = 1956 + random.whole(50);
  const dob = `${year}-${twoDigits(1 + random.whole(12))}-${twoDigits(1 + random.whole(28))}`;
  const mailbox = `${asMailbox(firstName)}.${asMailbox(lastName)}.${index}.${random.digits(4)}`;
  return {
    firstName,
    middleName: random.chance(0.4) ? random.pick(firstNames[kind])[0] : null,
    lastName,
    preferredName,
    gender: random.chance(0.03) ? "decline_to_specify" : kind,
    ethnicity: random.pick(ethnicities),
    maritalStatus: random.pick(maritalStatuses),
    dob: random.chance(0.03) ? null : dob,
    personalEmail: random.chance(0.25) ? null : `${mailbox}@mail.example`,
    phone: random.chance(0.2) ? null : `+1555${random.digits(7)}`,
    residence: addressOf(random),
    ssn: `9${random.digits(2)}-${random.digits(2)}-${random.digits(4)}`,
  };
};

/** An address by chance. */
export const addressOf = (random: SeededRandom): Location => {
  const [city, state = null, postalCode = ""] = random.pick(cities);
  return {
    line1: `${1 + random.whole(2000)} ${random.pick(streets)}`,
    line2: random.chance(0.3) ? `Apt ${1 + random.whole(40)}` : null,
    city,
    state,
    postal_code: postalCode + random.digits(2),
    country: "US",
  };
};

const mailboxes = new Map<string, string>();

/** A name as the local part of an e-mail address has it. */
export const asMailbox = (name: string): string => {
  const known = mailboxes.get(name);
  if (known !== undefined) return known;
  const mailbox = withoutAccents(name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "");
  // The names that people are made of are few; those of companies are not.
  if (mailboxes.size < 1000) mailboxes.set(name, mailbox);
  return mailbox;
};

/** A name as a system that knows no accents has it. */
export const withoutAccents = (name: string): string =>
  name.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("Ł", "L").replaceAll("ł", "l").replaceAll("Ø", "O");

/** A month or a day. */
export const twoDigits = (value: number): string => String(value).padStart(2, "0");
