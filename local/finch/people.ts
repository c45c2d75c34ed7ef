/**
 * The people at a made-up employer, any number of them, all from a seed: each is made when asked for, and is the same
 * whenever that is. Some of them may be known to another employer too, perhaps under a slightly different name.
 */
import { asMailbox, type Identity, identityOf, twoDigits, withoutAccents } from "./identity.ts";
import { departments } from "./people-words.ts";
import { seededRandom } from "./seeded-random.ts";

/** The fewest and the most people that an employer may have. */
export const peopleRange = { least: 1, most: 100_000 } as const;

/** Whom an employer employs. */
export type PeopleSample = {
  readonly seed: string;
  readonly count: number;
  /** The domain of the e-mail addresses at work. */
  readonly domain: string;
  readonly overlap?: Overlap | undefined;
};

/** People who are also at another employer: the first ones of that employer's seed, spread over this employer's. */
export type Overlap = {
  readonly seed: string;
  /** Which part of this employer's people, from 0 to 1; exactly so many. */
  readonly share: number;
  /** Which part of them is known here under something else than there, from 0 to 1; exactly so many. */
  readonly variations: number;
};

/** How the same person may look in two systems. */
export const variations = [
  "nickname",
  "without_middle_name",
  "upper_case",
  "without_accents",
  "email_in_upper_case",
  "without_email",
  "without_dob",
] as const;

/** One of the ways. */
export type Variation = (typeof variations)[number];

/** One person at one employer. */
export type Person = Identity & {
  readonly index: number;
  /** The truth about who this is: people of one seed and number are one person. */
  readonly origin: { readonly seed: string; readonly index: number };
  readonly variation: Variation | undefined;
  readonly workEmail: string | null;
  readonly title: string;
  readonly department: string;
  /** Null at the top. */
  readonly managerIndex: number | null;
  readonly type: "employee" | "contractor";
  readonly subtype: "full_time" | "part_time" | "intern" | "temp" | "seasonal" | "individual_contractor";
  readonly status: "active" | "leave" | "onboarding" | "prehire" | "retired" | "terminated" | "deceased";
  readonly isActive: boolean;
  readonly startDate: string;
  readonly endDate: string | null;
  readonly isExempt: boolean;
  readonly income: { readonly unit: "yearly" | "hourly"; readonly amountCents: number };
  /** The provider's own number of the employee. */
  readonly sourceId: string;
};

/** The person with this number at an employer. */
export const personOf = (sample: PeopleSample, index: number): Person => {
  const { overlap } = sample;
  const isShared = overlap !== undefined && isChosen(overlap.share, index);
  const origin = isShared
    ? { seed: overlap.seed, index: chosenBefore(overlap.share, index) }
    : { seed: sample.seed, index };
  const isVaried = isShared && isChosen(overlap.variations, origin.index);
  const variation = isVaried
    ? variations[chosenBefore(overlap.variations, origin.index) % variations.length]
    : undefined;
  const identity = vary(identityOf(origin.seed, origin.index), variation);
  return { ...identity, ...workOf(sample, index, identity), index, origin, variation };
};

/** Exactly so much of any run of numbers is chosen, evenly spread. */
const isChosen = (share: number, index: number): boolean => chosenBefore(share, index + 1) > chosenBefore(share, index);

// A share such as 0.29 is a little less in binary than it says.
const chosenBefore = (share: number, index: number): number => Math.floor(index * share + 1e-9);

const vary = (who: Identity, variation: Variation | undefined): Identity => {
  switch (variation) {
    case undefined:
      return who;
    case "nickname":
      return { ...who, firstName: who.preferredName ?? who.firstName.slice(0, 1), preferredName: null };
    case "without_middle_name":
      return { ...who, middleName: null };
    case "upper_case":
      return { ...who, firstName: who.firstName.toUpperCase(), lastName: who.lastName.toUpperCase() };
    case "without_accents":
      return { ...who, firstName: withoutAccents(who.firstName), lastName: withoutAccents(who.lastName) };
    case "email_in_upper_case":
      return { ...who, personalEmail: who.personalEmail?.toUpperCase() ?? null };
    case "without_email":
      return { ...who, personalEmail: null };
    case "without_dob":
      return { ...who, dob: null };
  }
};

type Work = Omit<Person, keyof Identity | "index" | "origin" | "variation">;

const workOf = ({ seed, domain }: PeopleSample, index: number, { firstName, lastName }: Identity): Work => {
  const random = seededRandom(`${seed} work`, index);
  const [department, ...titles] = random.pick(departments);
  const isContractor = random.chance(0.1);
  const isHourly = random.chance(0.4);
  const status = random.chance(0.85)
    ? "active"
    : random.pick(["leave", "onboarding", "terminated", "retired"] as const);
  const hasLeft = status === "terminated" || status === "retired";
  const startYear = 2008 + random.whole(14);
  const date = (year: number) => `${year}-${twoDigits(1 + random.whole(12))}-${twoDigits(1 + random.whole(28))}`;
  return {
    workEmail: random.chance(0.1) ? null : `${asMailbox(firstName)}.${asMailbox(lastName)}.${index}@${domain}`,
    title: titles[random.whole(titles.length)] ?? department,
    department,
    managerIndex: index === 0 ? null : Math.floor((index - 1) / 8),
    type: isContractor ? "contractor" : "employee",
    subtype: isContractor
      ? "individual_contractor"
      : random.pick(["full_time", "full_time", "full_time", "part_time", "intern", "temp", "seasonal"] as const),
    status,
    isActive: !hasLeft,
    startDate: date(startYear),
    endDate: hasLeft ? date(startYear + 1 + random.whole(3)) : null,
    isExempt: !isHourly,
    income: isHourly
      ? { unit: "hourly", amountCents: 1_500 + random.whole(60) * 50 }
      : { unit: "yearly", amountCents: 4_000_000 + random.whole(160) * 100_000 },
    sourceId: `E${String(index + 1).padStart(6, "0")}`,
  };
};
