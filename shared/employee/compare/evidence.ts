import { isDateSlip } from "../normalise/date.ts";
import type { Person } from "../normalise/person.ts";
import { compareMarks } from "../normalise/ssn-mark.ts";
import type { Vocabulary } from "../normalise/vocabulary.ts";
import { type AddressLevel, compareAddress } from "./address.ts";
import type { Frequency, Spread } from "./frequency.ts";
import {
  areSwapped,
  compareFamily,
  compareGiven,
  compareMiddle,
  type FamilyLevel,
  type GivenLevel,
  type MiddleLevel,
} from "./names.ts";

/** How two records agree, field by field. */
export interface Evidence {
  readonly given: GivenLevel;
  readonly family: FamilyLevel;
  readonly middle: MiddleLevel;
  readonly isSwapped: boolean;
  /** `one` when only one of the two names its generation. */
  readonly suffix: "same" | "one" | "missing" | "conflict";
  readonly gender: "same" | "missing" | "conflict";
  readonly dob: "same" | "slip" | "missing" | "conflict";
  /** `row`: only the last two digits differ, as twins' do. `four`: the last four agree, where the rest is masked. */
  readonly ssn: "same" | "slip" | "row" | "four" | "missing" | "conflict";
  readonly ssnSpread: Spread;
  /** The e-mail address that they share, as far as it is one person's: a key of the index, 0 when there is none. */
  readonly email: number;
  readonly emailSpread: Spread;
  readonly isWorkEmail: boolean;
  readonly phone: number;
  readonly phoneSpread: Spread;
  readonly address: AddressLevel;
  readonly isNewYear: boolean;
  /** Whether the full name is the same, and rare. */
  readonly isRareName: boolean;
  readonly isOneConnection: boolean;
}

/** Compares two people. It is symmetric. */
export const compare = (a: Person, b: Person, words: Vocabulary, frequency: Frequency): Evidence => {
  const given = compareGiven(a, b, words, frequency);
  const family = compareFamily(a, b, words, frequency);
  const [email, emailSpread, isWorkEmail] = sharedEmail(a, b, frequency);
  const [phone, phoneSpread] = shared(a.phones, b.phones, frequency);
  const ssn = compareSsn(a, b);
  return {
    ...{ given, family },
    middle: compareMiddle(a, b, words),
    isSwapped: (given === "conflict" || family === "conflict") && areSwapped(a, b, words),
    suffix:
      a.suffix === b.suffix
        ? a.suffix === ""
          ? "missing"
          : "same"
        : a.suffix === "" || b.suffix === ""
          ? "one"
          : "conflict",
    gender: a.gender === "" || b.gender === "" ? "missing" : a.gender === b.gender ? "same" : "conflict",
    dob: compareDob(a, b, frequency),
    ssn,
    ssnSpread: ssn === "same" ? frequency.spreadOf(a.ssnKey) : 1,
    ...{ email, emailSpread, isWorkEmail, phone, phoneSpread },
    address: compareAddress(a, b, frequency),
    isNewYear: a.isNewYear,
    isRareName: given === "exact" && family === "exact" && frequency.isRareName(a.given, a.family),
    isOneConnection: a.connection === b.connection,
  };
};

const compareDob = (a: Person, b: Person, frequency: Frequency): Evidence["dob"] => {
  if (a.dob === 0 || b.dob === 0) return "missing";
  if (frequency.isPlaceholderDate(a.dobKey) || frequency.isPlaceholderDate(b.dobKey)) return "missing";
  if (a.dob === b.dob) return "same";
  return isDateSlip(a.dob, b.dob) ? "slip" : "conflict";
};

const compareSsn = (a: Person, b: Person): Evidence["ssn"] => {
  if (a.lastFour === 0 || b.lastFour === 0) return "missing";
  if (a.ssnKey === 0 || b.ssnKey === 0) return a.lastFour === b.lastFour ? "four" : "conflict";
  if (a.ssnKey === b.ssnKey) return "same";
  const near = compareMarks(a.ssnMark, b.ssnMark);
  return near === "different" ? "conflict" : near;
};

/** The value that both have and fewest others. */
const shared = (one: readonly number[], other: readonly number[], frequency: Frequency): [number, Spread] => {
  let [best, least]: [number, Spread] = [0, 3];
  for (const value of one) {
    if (!other.includes(value)) continue;
    const spread = frequency.spreadOf(value);
    if (best === 0 || spread < least) [best, least] = [value, spread];
  }
  return [best, least];
};

/** The same of e-mail addresses; an employer's only when no other is shared as well. */
const sharedEmail = (a: Person, b: Person, frequency: Frequency): [number, Spread, boolean] => {
  const [email, spread] = shared(a.emails, b.emails, frequency);
  if (email === 0) return [0, 3, false];
  const isWork = (person: Person, key: number) => person.areWork[person.emails.indexOf(key)] === true;
  const isOwn = (key: number) => b.emails.includes(key) && !isWork(a, key) && !isWork(b, key);
  return [email, spread, !a.emails.some((key) => isOwn(key) && frequency.spreadOf(key) === spread)];
};
