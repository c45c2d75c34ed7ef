import type { Lists } from "../lists.ts";
import { isDateSlip, isNewYear } from "../normalise/date.ts";
import type { Person } from "../normalise/person.ts";
import { compareMarks } from "../normalise/ssn-mark.ts";
import type { Vocabulary } from "../normalise/vocabulary.ts";
import { type AddressLevel, compareAddress } from "./address.ts";
import type { Frequency, Rarity, Spread } from "./frequency.ts";
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
  /** The e-mail address that they share, as far as it is one person's: a key, 0 when there is none. */
  readonly email: number;
  readonly emailSpread: Spread;
  readonly isWorkEmail: boolean;
  readonly phone: number;
  readonly phoneSpread: Spread;
  readonly address: AddressLevel;
  readonly isNewYear: boolean;
  /** How rare the full name is that both have: 0 when it is not the same. */
  readonly rarity: Rarity;
  /** Whether the first-name fields are the same, to the last word. */
  readonly isSameFirst: boolean;
  /** Whether a mailbox that an employer gave to one has the first name of the other in it. */
  readonly isMailboxNamed: boolean;
  /** Contacts and homes of which both have one, and none that is the same. */
  readonly differences: number;
  /** `handover`: one employment ends as the other begins. `title`: both have the same, which few have. */
  readonly job: "handover" | "title" | "none";
  readonly isOneConnection: boolean;
}

/** What numbers alone say: it keeps most of those apart who are not one, at a fraction of the cost. */
export type Facts = Pick<Evidence, "suffix" | "dob" | "ssn" | "ssnSpread">;

/** Compares generation, date of birth and SSN. It is symmetric. */
export const compareFacts = (a: Person, b: Person, frequency: Frequency): Facts => {
  const ssn = compareSsn(a, b);
  return {
    suffix: compareSuffix(a.suffix, b.suffix),
    dob: compareDob(a, b, frequency),
    ssn,
    ssnSpread: ssn === "same" ? frequency.spreadOf(a.ssnKey) : 1,
  };
};

/** Compares two people, whose `facts` are known. It is symmetric. */
export const compare = (
  a: Person,
  b: Person,
  words: Vocabulary,
  frequency: Frequency,
  { suffix, dob, ssn, ssnSpread }: Facts,
): Evidence => {
  const given = compareGiven(a, b, words, frequency);
  const family = compareFamily(a, b, words, frequency);
  const [email, emailSpread, isWorkEmail] = sharedEmail(a, b, words.lists, frequency);
  const [phone, phoneSpread] = shared(a.phones, b.phones, words.lists, frequency);
  const address = compareAddress(a, b, words, frequency);
  // One property after the other: a spread would take as long as all the rest.
  return {
    given,
    family,
    middle: compareMiddle(a, b, words),
    isSwapped: (given === "conflict" || family === "conflict") && areSwapped(a, b, words),
    suffix,
    gender: compareGender(a, b, words),
    dob,
    ssn,
    ssnSpread,
    email,
    emailSpread,
    isWorkEmail,
    phone,
    phoneSpread,
    address,
    isNewYear: isNewYear(a.dob),
    rarity: given === "exact" && family === "exact" ? frequency.rarityOf(a.given, a.family) : 0,
    isSameFirst: a.first === b.first,
    isMailboxNamed: given !== "exact" && (isNamedIn(a, b, words, frequency) || isNamedIn(b, a, words, frequency)),
    differences:
      (address === "different" ? 1 : 0) +
      (phone === 0 && a.phones !== 0 && b.phones !== 0 ? 1 : 0) +
      (email === 0 && hasOwnEmail(a, words.lists) && hasOwnEmail(b, words.lists) ? 1 : 0),
    job: compareJobs(a, b, frequency),
    isOneConnection: a.connection === b.connection,
  };
};

/** An address that both have says nothing: a family's is named after one of them. */
const isNamedIn = (owner: Person, named: Person, words: Vocabulary, frequency: Frequency): boolean => {
  const name = words.textOf(named.given);
  if (name.length < 4) return false;
  const { lists } = words;
  return lists.some(owner.mailboxes, (letters, at) => {
    const email = lists.at(owner.emails, at);
    if (!lists.has(owner.workEmails, email)) return false;
    const mailbox = words.textOf(letters);
    if (!mailbox.startsWith(name)) return false;
    const rest = mailbox.slice(name.length);
    const isNext = words.textOf(owner.family).startsWith(rest) || words.textOf(named.family).startsWith(rest);
    return isNext && !lists.has(named.emails, email) && frequency.spreadOf(email) === 1;
  });
};

const compareSuffix = (one: string, other: string): Evidence["suffix"] => {
  if (one === other) return one === "" ? "missing" : "same";
  return one === "" || other === "" ? "one" : "conflict";
};

const hasOwnEmail = (person: Person, lists: Lists): boolean =>
  lists.lengthOf(person.emails) > lists.lengthOf(person.workEmails);

/** So many days after one employment's end another may begin, for the two to be one person's way from one to the other. */
const handoverDays = 31;

const compareJobs = (a: Person, b: Person, frequency: Frequency): Evidence["job"] => {
  const follows = (end: number, start: number) => end !== 0 && start >= end && start - end <= handoverDays;
  if (follows(a.endDay, b.startDay) || follows(b.endDay, a.startDay)) return "handover";
  return a.title !== 0 && a.title === b.title && frequency.isRareTitle(a.title) ? "title" : "none";
};

/** Where one's is not known, it is that of nearly all with the first name, if the two names differ. */
const compareGender = (a: Person, b: Person, words: Vocabulary): Evidence["gender"] => {
  let [one, other] = [a.gender, b.gender];
  if (a.given !== b.given) {
    if (one === "") one = words.genderOf(a.given);
    if (other === "") other = words.genderOf(b.given);
  }
  if (one === "" || other === "") return "missing";
  return one === other ? "same" : "conflict";
};

const compareDob = (a: Person, b: Person, frequency: Frequency): Evidence["dob"] => {
  if (a.dob === 0 || b.dob === 0) return "missing";
  if (frequency.isPlaceholderDate(a.dob) || frequency.isPlaceholderDate(b.dob)) return "missing";
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

const nothingShared: readonly [number, Spread] = [0, 3];

/** The value that both lists have and fewest people. */
const shared = (one: number, other: number, lists: Lists, frequency: Frequency): readonly [number, Spread] => {
  if (!lists.meet(one, other)) return nothingShared;
  let [best, least]: [number, Spread] = [0, 3];
  for (let at = 0; at < lists.lengthOf(one); at += 1) {
    const value = lists.at(one, at);
    if (!lists.has(other, value)) continue;
    const spread = frequency.spreadOf(value);
    if (best === 0 || spread < least) [best, least] = [value, spread];
  }
  return [best, least];
};

/** The same of e-mail addresses; an employer's only when no other is shared as well. */
const sharedEmail = (a: Person, b: Person, lists: Lists, frequency: Frequency): readonly [number, Spread, boolean] => {
  const [email, spread] = shared(a.emails, b.emails, lists, frequency);
  if (email === 0) return noEmail;
  const isOwn = (key: number) =>
    lists.has(b.emails, key) && !lists.has(a.workEmails, key) && !lists.has(b.workEmails, key);
  return [email, spread, !lists.some(a.emails, (key) => isOwn(key) && frequency.spreadOf(key) === spread)];
};

const noEmail: readonly [number, Spread, boolean] = [0, 3, false];
