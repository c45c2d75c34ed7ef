import { areNicknames, areVariants } from "../normalise/nicknames.ts";
import type { Person } from "../normalise/person.ts";
import type { Vocabulary } from "../normalise/vocabulary.ts";
import type { Frequency } from "./frequency.ts";
import { isMisspelling } from "./similar.ts";

/**
 * How first names agree, best first. `typo`: one is a name and the other none; `variant` and
 * `misspelt`: they may be two names, as of twins.
 */
export type GivenLevel =
  | "exact"
  | "nickname"
  | "typo"
  | "variant"
  | "misspelt"
  | "middle"
  | "initial"
  | "missing"
  | "conflict";

/** How family names agree. `part`: one of several words, such as of a compound or hyphenated name, or a former name. */
export type FamilyLevel = "exact" | "part" | "misspelt" | "missing" | "conflict";

/** How middle names agree. */
export type MiddleLevel = "exact" | "initial" | "missing" | "conflict";

/** Compares first names. */
export const compareGiven = (a: Person, b: Person, words: Vocabulary, frequency: Frequency): GivenLevel => {
  if (a.given === 0 || b.given === 0) return "missing";
  if (a.given === b.given) return a.isInitial ? "initial" : "exact";
  if (a.preferred !== 0 && (a.preferred === b.given || a.preferred === b.preferred)) return "nickname";
  if (b.preferred !== 0 && b.preferred === a.given) return "nickname";
  if (a.isInitial || b.isInitial) return compareInitial(a, b, words);
  const [one, other] = [words.textOf(a.given), words.textOf(b.given)];
  if (areNicknames(one, other)) return areVariants(one, other) ? "variant" : "nickname";
  if (a.preferred !== 0 && areNicknames(words.textOf(a.preferred), other)) return "nickname";
  if (b.preferred !== 0 && areNicknames(words.textOf(b.preferred), one)) return "nickname";
  const areKnown = words.isKnownName(a.given) && words.isKnownName(b.given);
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  // Paul and Paula, Eric and Erica are two names; Sam and Samantha, Nat and Nathaniel one.
  if (!areKnown && short.length >= 3 && long.length - short.length >= 2 && long.startsWith(short)) return "nickname";
  if (a.middles.includes(b.given) || b.middles.includes(a.given)) return "middle";
  if (areKnown || !isMisspelling(one, other)) return "conflict";
  const areCommon = frequency.isCommon(words.givenCount(a.given)) && frequency.isCommon(words.givenCount(b.given));
  if (areCommon) return "conflict";
  const [rare, name] = words.isKnownName(a.given) ? [b.given, a.given] : [a.given, b.given];
  return words.isKnownName(name) && words.givenCount(rare) <= 2 ? "typo" : "misspelt";
};

const compareInitial = (a: Person, b: Person, words: Vocabulary): GivenLevel => {
  const [short, long] = a.isInitial ? [a, b] : [b, a];
  if (short.middles.some((middle) => middle === long.given && words.textOf(middle).length > 1)) return "middle";
  const letter = words.textOf(short.given);
  if (words.textOf(long.given).startsWith(letter)) return "initial";
  return long.preferred !== 0 && words.textOf(long.preferred).startsWith(letter) ? "initial" : "conflict";
};

/** Compares family names. */
export const compareFamily = (a: Person, b: Person, words: Vocabulary, frequency: Frequency): FamilyLevel => {
  if (a.family === 0 || b.family === 0) return "missing";
  if (a.family === b.family) return "exact";
  if (a.familyParts.length > 0 || b.familyParts.length > 0) {
    if (b.familyParts.includes(a.family) || a.familyParts.includes(b.family)) return "part";
    if (a.familyParts.some((part) => b.familyParts.includes(part))) return "part";
  }
  // A family name of birth is often kept as a middle name.
  if (a.middles.includes(b.family) || b.middles.includes(a.family)) return "part";
  const [one, other] = [words.textOf(a.family), words.textOf(b.family)];
  if (isMisspelling(one, other)) {
    const areCommon =
      frequency.isCommon(words.familyCount(a.family)) && frequency.isCommon(words.familyCount(b.family));
    if (!areCommon) return "misspelt";
  }
  if (a.familyParts.length > 0 || b.familyParts.length > 0) {
    const [parts, others] = [partsOf(a), partsOf(b)];
    if (parts.some((part) => others.some((own) => isMisspelling(words.textOf(part), words.textOf(own))))) return "part";
  }
  return isFormerName(a, other) || isFormerName(b, one) ? "part" : "conflict";
};

const partsOf = (person: Person): readonly number[] =>
  person.familyParts.length > 0 ? person.familyParts : [person.family];

/** Whether a mailbox of the person has another's family name in it: what somebody was called before a marriage. */
const isFormerName = (person: Person, family: string): boolean =>
  family.length >= 4 && person.mailboxes.some((mailbox) => mailbox.includes(family));

/** Compares middle names where first names are the same. */
export const compareMiddle = (a: Person, b: Person, words: Vocabulary): MiddleLevel => {
  const [one = 0] = a.middles;
  const [other = 0] = b.middles;
  if (one === 0 || other === 0) return "missing";
  const [text, beside] = [words.textOf(one), words.textOf(other)];
  if (one === other) return text.length > 1 ? "exact" : "initial";
  if (text.length === 1 || beside.length === 1) return text[0] === beside[0] ? "initial" : "conflict";
  return isMisspelling(text, beside) || areNicknames(text, beside) ? "exact" : "conflict";
};

/** Whether first and family name have changed places in one of the two. */
export const areSwapped = (a: Person, b: Person, words: Vocabulary): boolean => {
  if (a.given === 0 || b.given === 0 || a.family === 0 || b.family === 0 || a.isInitial || b.isInitial) return false;
  const isIn = (given: number, person: Person): boolean =>
    person.family === given ||
    person.familyParts.includes(given) ||
    isMisspelling(words.textOf(given), words.textOf(person.family));
  return isIn(a.given, b) && isIn(b.given, a);
};
