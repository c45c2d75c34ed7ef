import type { Lists } from "../lists.ts";
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
  if (words.lists.has(a.middles, b.given) || words.lists.has(b.middles, a.given)) return "middle";
  if (areKnown || !isMisspelling(one, other)) return "conflict";
  const areCommon = frequency.isCommon(words.givens.count(a.given)) && frequency.isCommon(words.givens.count(b.given));
  if (areCommon) return "conflict";
  const [rare, name] = words.isKnownName(a.given) ? [b.given, a.given] : [a.given, b.given];
  return words.isKnownName(name) && words.givens.count(rare) <= 2 ? "typo" : "misspelt";
};

const compareInitial = (a: Person, b: Person, words: Vocabulary): GivenLevel => {
  const [short, long] = a.isInitial ? [a, b] : [b, a];
  if (words.lists.has(short.middles, long.given) && words.textOf(long.given).length > 1) return "middle";
  const letter = words.textOf(short.given);
  if (words.textOf(long.given).startsWith(letter)) return "initial";
  return long.preferred !== 0 && words.textOf(long.preferred).startsWith(letter) ? "initial" : "conflict";
};

/** Compares family names. */
export const compareFamily = (a: Person, b: Person, words: Vocabulary, frequency: Frequency): FamilyLevel => {
  if (a.family === 0 || b.family === 0) return "missing";
  if (a.family === b.family) return "exact";
  const { lists } = words;
  if (lists.has(b.familyParts, a.family) || lists.has(a.familyParts, b.family)) return "part";
  if (lists.meet(a.familyParts, b.familyParts)) return "part";
  // A family name of birth is often kept as a middle name.
  if (lists.has(a.middles, b.family) || lists.has(b.middles, a.family)) return "part";
  const [one, other] = [words.textOf(a.family), words.textOf(b.family)];
  if (isMisspelling(one, other)) {
    const areCommon =
      frequency.isCommon(words.families.count(a.family)) && frequency.isCommon(words.families.count(b.family));
    if (!areCommon) return "misspelt";
  }
  if (a.familyParts !== 0 || b.familyParts !== 0) {
    const areAlike = (part: number, own: number) => isMisspelling(words.textOf(part), words.textOf(own));
    if (somePart(a, lists, (part) => somePart(b, lists, (own) => areAlike(part, own)))) return "part";
  }
  return isFormerName(a, b.family, words) || isFormerName(b, a.family, words) ? "part" : "conflict";
};

/** Whether one of a family name's parts is such. */
const somePart = ({ family, familyParts }: Person, lists: Lists, isSuch: (part: number) => boolean): boolean =>
  familyParts === 0 ? isSuch(family) : lists.some(familyParts, isSuch);

/** Whether a mailbox of the person has another's family name in it: what somebody was called before a marriage. */
const isFormerName = (person: Person, family: number, words: Vocabulary): boolean =>
  words.textOf(family).length >= 4 && words.lists.some(person.mailboxes, (mailbox) => words.isIn(family, mailbox));

/** Compares middle names where first names are the same. */
export const compareMiddle = (a: Person, b: Person, words: Vocabulary): MiddleLevel => {
  const [one, other] = [words.lists.at(a.middles, 0), words.lists.at(b.middles, 0)];
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
    words.lists.has(person.familyParts, given) ||
    isMisspelling(words.textOf(given), words.textOf(person.family));
  return isIn(a.given, b) && isIn(b.given, a);
};
