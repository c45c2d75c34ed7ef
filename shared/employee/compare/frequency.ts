import type { Holders } from "../holders.ts";
import { isDateSlip, placeOf } from "../normalise/date.ts";
import { areNicknames, areVariants } from "../normalise/nicknames.ts";
import type { Person } from "../normalise/person.ts";
import { compareMarks } from "../normalise/ssn-mark.ts";
import type { Vocabulary } from "../normalise/vocabulary.ts";
import { grown } from "../table.ts";
import { partsOf } from "./parts.ts";
import { isMisspelling } from "./similar.ts";

/** How many people share a value, as far as it matters: one person's own, two people's, everybody's. */
export type Spread = 1 | 2 | 3;

/**
 * How rare a full name is, by the odds that another person has it and the same date of birth. 0: that is to be expected.
 * 1: it is no chance, as long as nothing differs. 2 and 3: nor where one, and two, of home and contacts differ.
 */
export type Rarity = 0 | 1 | 2 | 3;

/** Those whose values are counted. */
interface People {
  /** By number; undefined where one was removed. */
  readonly people: readonly (Person | undefined)[];
  readonly words: Vocabulary;
  readonly blocks: Holders;
  readonly dobs: Holders;
  readonly titles: Holders;
}

/** A value with more records than this is nobody's own, whoever they are. */
const crowd = 24;

/**
 * What a value's frequency in the data says of it. Everything here changes in steps (powers of two, one–two–many), so that one
 * more record rarely changes the meaning of what others have: that is what makes the next run cost what changed.
 */
export class Frequency {
  readonly #people: People;
  /** By key; 0 where it is not known. */
  #spreads = new Int32Array(2 ** 10);
  /** The power of two that the number of records has reached. */
  level = 0;

  constructor(people: People) {
    this.#people = people;
  }

  /** How surprising it is that two people have this first name, in bits. */
  givenBits(given: number): number {
    return this.#rarity(this.#people.words.givens.count(given));
  }

  /** The same of a family name. */
  familyBits(family: number): number {
    return this.#rarity(this.#people.words.families.count(family));
  }

  // What is rare among few records says little: they are taken for a sample of some thousands.
  #rarity(count: number): number {
    return Math.max(this.level, 12) - levelOf(count);
  }

  /** How rare a full name is. Among few records, names that are common everywhere count as such. */
  rarityOf(given: number, family: number): Rarity {
    const bits = this.givenBits(given) + this.familyBits(family);
    const isCommon = this.#people.words.isCommonFamily(family);
    if (isCommon && this.level < 14) return 0;
    if (bits >= 19) return 3;
    return bits >= 18 && !isCommon ? 2 : bits >= 16 ? 1 : 0;
  }

  /** Whether a word is met too often to be a misspelling, as first or family name. */
  isCommon(count: number): boolean {
    return count > 2 && levelOf(count) > this.level - 12;
  }

  /** Whether a date of birth is that of so many records that it must stand for none: 20,000 dates are expected to be in use. */
  isPlaceholderDate(dob: number): boolean {
    return this.#people.dobs.count(placeOf(dob)) > placeholderFrom(this.level);
  }

  /** Whether at most one in eight has a title, so that having the same says something. */
  isRareTitle(title: number): boolean {
    return levelOf(this.#people.titles.count(title)) <= this.level - 3;
  }

  /** How many people share an e-mail address, a phone number or an SSN. */
  spreadOf(key: number): Spread {
    const known = this.#spreads[key];
    if (known) return known as Spread;
    const count = this.#people.blocks.count(key);
    if (count < 2) return 1;
    const spread = count > crowd ? 3 : this.#peopleAmong(key);
    this.#spreads = grown(this.#spreads, key + 1);
    this.#spreads[key] = spread;
    return spread;
  }

  /** Whether an address is that of more families than share a home. */
  isPublicAddress(key: number): boolean {
    const count = this.#people.blocks.count(key);
    if (count < 4) return false;
    if (count > crowd) return true;
    return (
      partsOf(
        this.#with(key),
        (person) => person.family !== 0,
        (a, b) => this.#sameFamily(a, b),
      ) > 3
    );
  }

  /** Forgets all that it found of values. */
  forgetAll(): void {
    this.#spreads.fill(0);
  }

  /** Forgets what it found of a value, whose holders have changed. */
  forget(key: number): void {
    if (key < this.#spreads.length) this.#spreads[key] = 0;
  }

  /** Who is in a block. */
  #with(key: number): readonly Person[] {
    const found: Person[] = [];
    const { blocks, people } = this.#people;
    for (let link = blocks.latest(key); link !== 0; link = blocks.before(link)) {
      const person = people[blocks.personAt(link)];
      if (person) found.push(person);
    }
    return found;
  }

  /** As many as their first names, dates of birth or SSNs show, whichever shows most. */
  #peopleAmong(key: number): Spread {
    const people = this.#with(key);
    const isSsn = people.some((person) => person.ssnKey === key);
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
        (a, b) => this.#sameGiven(a, b) || (a.ssnKey !== 0 && a.ssnKey === b.ssnKey && !areDatesApart(a.dob, b.dob)),
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
    const { words } = this.#people;
    const { lists } = words;
    if (a.given === b.given || lists.has(a.middles, b.given) || lists.has(b.middles, a.given)) return true;
    if (a.preferred === b.given || b.preferred === a.given) return true;
    const [one, other] = [words.textOf(a.given), words.textOf(b.given)];
    if (areNicknames(one, other)) return !areVariants(one, other);
    if (a.given === b.family || b.given === a.family) return true;
    return !(words.isKnownName(a.given) && words.isKnownName(b.given)) && isMisspelling(one, other);
  }

  #sameFamily(a: Person, b: Person): boolean {
    const { words } = this.#people;
    const { lists } = words;
    if (a.family === b.family || lists.has(a.familyParts, b.family) || lists.has(b.familyParts, a.family)) return true;
    return lists.meet(a.familyParts, b.familyParts) || isMisspelling(words.textOf(a.family), words.textOf(b.family));
  }
}

const areDatesApart = (one: number, other: number): boolean =>
  one !== 0 && other !== 0 && one !== other && !isDateSlip(one, other);

const toSpread = (count: number): Spread => (count >= 3 ? 3 : count === 2 ? 2 : 1);

/** The power of two that a number has reached. */
export const levelOf = (count: number): number => 31 - Math.clz32(Math.max(1, count));

/** Ten by chance, and more than ten times the expected number. */
const placeholderFrom = (level: number): number => 10 + (10 * 2 ** (level + 1)) / 20_000;
