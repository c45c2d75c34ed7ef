import type { KeyIndex } from "../block/key-index.ts";
import { isDateSlip } from "../normalise/date.ts";
import { areNicknames, areVariants } from "../normalise/nicknames.ts";
import type { Person } from "../normalise/person.ts";
import { compareMarks } from "../normalise/ssn-mark.ts";
import type { Vocabulary } from "../normalise/vocabulary.ts";
import { isMisspelling } from "./similar.ts";

/** How many people share a value, as far as it matters: one person's own, two people's, everybody's. */
export type Spread = 1 | 2 | 3;

/** A value with more records than this is nobody's own, whoever they are. */
const crowd = 24;

/**
 * What a value's frequency in the data says of it. Everything here changes in steps (powers of two, one–two–many), so that one
 * more record rarely changes the meaning of what others have: that is what makes the next run cost what changed.
 */
export class Frequency {
  readonly #words: Vocabulary;
  readonly #index: KeyIndex;
  readonly #people: readonly (Person | undefined)[];
  readonly #spreads = new Map<number, Spread>();
  /** The power of two that the number of records has reached. */
  level = 0;

  constructor(words: Vocabulary, index: KeyIndex, people: readonly (Person | undefined)[]) {
    this.#words = words;
    this.#index = index;
    this.#people = people;
  }

  /** How surprising it is that two people have this first name, in bits. */
  givenBits(given: number): number {
    return this.#rarity(this.#words.givenCount(given));
  }

  /** The same of a family name. */
  familyBits(family: number): number {
    return this.#rarity(this.#words.familyCount(family));
  }

  // What is rare among few records says little: they are taken for a sample of some thousands.
  #rarity(count: number): number {
    return Math.max(this.level, 12) - levelOf(count);
  }

  /** Whether a full name is borne by so few that the same date of birth is no chance: less than one in a million. */
  isRareName(given: number, family: number): boolean {
    if (this.#words.isCommonFamily(family)) return false;
    return this.familyBits(family) >= 9 && this.givenBits(given) + this.familyBits(family) >= 17;
  }

  /** Whether a word is met too often to be a misspelling, as first or family name. */
  isCommon(count: number): boolean {
    return count > 2 && levelOf(count) > this.level - 12;
  }

  /** Whether a date of birth is that of so many records that it must stand for none: 20,000 dates are expected to be in use. */
  isPlaceholderDate(dobKey: number): boolean {
    return this.#index.count(dobKey) > placeholderFrom(this.level);
  }

  /** How many people share an e-mail address, a phone number or an SSN. */
  spreadOf(key: number): Spread {
    const known = this.#spreads.get(key);
    if (known !== undefined) return known;
    const members = this.#index.several(key);
    if (members.length < 2) return 1;
    const spread = members.length > crowd ? 3 : this.#peopleAmong(key, members);
    this.#spreads.set(key, spread);
    return spread;
  }

  /** Whether an address is that of more families than share a home. */
  isPublicAddress(key: number): boolean {
    const members = this.#index.several(key);
    if (members.length < 4) return false;
    if (members.length > crowd) return true;
    return (
      partsOf(
        this.#of(members),
        (person) => person.family !== 0,
        (a, b) => this.#sameFamily(a, b),
      ) > 3
    );
  }

  /** Forgets all that it found of values. */
  forgetAll(): void {
    this.#spreads.clear();
  }

  /** Forgets what it found of a value, whose holders have changed. */
  forget(key: number): void {
    this.#spreads.delete(key);
  }

  #of(members: readonly number[]): Person[] {
    return members.flatMap((at) => this.#people[at] ?? []);
  }

  /** As many as their first names, dates of birth or SSNs show, whichever shows most. */
  #peopleAmong(key: number, members: readonly number[]): Spread {
    const people = this.#of(members);
    const isSsn = people.some((person) => members.length > 1 && person.ssnKey === key);
    if (isSsn) {
      // One person's name or date of birth may be wrong, seldom both.
      const says = (person: Person) => person.dob !== 0 || person.given !== 0;
      const alike = (a: Person, b: Person) =>
        a.given === 0 || b.given === 0 || this.#sameGiven(a, b) || a.dob === b.dob || isDateSlip(a.dob, b.dob);
      return toSpread(partsOf(people, says, alike));
    }
    const most = Math.max(
      partsOf(
        people,
        (person) => person.given !== 0 && !person.isInitial,
        (a, b) => this.#sameGiven(a, b),
      ),
      partsOf(
        people,
        (person) => person.dob !== 0,
        (a, b) => a.dob === b.dob || isDateSlip(a.dob, b.dob),
      ),
      partsOf(
        people,
        (person) => person.ssnKey !== 0,
        (a, b) => a.ssnKey === b.ssnKey || compareMarks(a.ssnMark, b.ssnMark) === "slip",
      ),
    );
    return toSpread(most);
  }

  #sameGiven(a: Person, b: Person): boolean {
    if (a.given === b.given || a.middles.includes(b.given) || b.middles.includes(a.given)) return true;
    if (a.preferred === b.given || b.preferred === a.given) return true;
    const [one, other] = [this.#words.textOf(a.given), this.#words.textOf(b.given)];
    if (areNicknames(one, other)) return !areVariants(one, other);
    if (a.given === b.family || b.given === a.family) return true;
    return !(this.#words.isKnownName(a.given) && this.#words.isKnownName(b.given)) && isMisspelling(one, other);
  }

  #sameFamily(a: Person, b: Person): boolean {
    if (a.family === b.family || a.familyParts.some((part) => part === b.family || b.familyParts.includes(part)))
      return true;
    return (
      b.familyParts.includes(a.family) || isMisspelling(this.#words.textOf(a.family), this.#words.textOf(b.family))
    );
  }
}

const toSpread = (count: number): Spread => (count >= 3 ? 3 : count === 2 ? 2 : 1);

/** The power of two that a number has reached. */
export const levelOf = (count: number): number => 31 - Math.clz32(Math.max(1, count));

/** Ten by chance, and more than ten times the expected number. */
const placeholderFrom = (level: number): number => 10 + (10 * 2 ** (level + 1)) / 20_000;

/** In how many parts people fall that are joined wherever two are alike; those that say nothing do not count. */
const partsOf = (
  people: readonly Person[],
  says: (person: Person) => boolean,
  alike: (a: Person, b: Person) => boolean,
): number => {
  const parts: Person[][] = [];
  for (const person of people) {
    if (!says(person)) continue;
    const joined: Person[] = [person];
    for (let at = parts.length - 1; at >= 0; at -= 1) {
      const part = parts[at] ?? [];
      if (!part.some((other) => alike(person, other))) continue;
      joined.push(...part);
      parts.splice(at, 1);
    }
    parts.push(joined);
  }
  return parts.length;
};
