import { KeyNumbers } from "./block/key-numbers.ts";
import { Frequency, levelOf } from "./compare/frequency.ts";
import { Holders } from "./holders.ts";
import { placeOf } from "./normalise/date.ts";
import type { Person } from "./normalise/person.ts";
import { createPersonReader } from "./normalise/read-person.ts";
import { TextNumbers } from "./normalise/text-numbers.ts";
import { Vocabulary } from "./normalise/vocabulary.ts";
import { compareText, type EmployeeRecord, identityOf } from "./record.ts";

/** All people of a customer as they are compared, with what their values' frequencies say. */
export class Roster {
  readonly words = new Vocabulary();
  readonly keys = new KeyNumbers();
  /** Who is in a block, by key. */
  readonly blocks = new Holders();
  /** Who has a date of birth, by `placeOf`, and who has a title, by word. */
  readonly dobs = new Holders();
  readonly titles = new Holders();
  /** By number; undefined where one was removed. */
  readonly people: (Person | undefined)[] = [];
  /** Numbers of identities, whose first is that of person 0. */
  readonly #identities = new TextNumbers();
  /** How many people there are. */
  size = 0;
  readonly frequency = new Frequency(this);
  /** Makes a person of an individual's records, without counting it in. */
  readonly read = createPersonReader(this.words, this.keys);

  /** The number of an individual who is here. */
  find(identity: string): number | undefined {
    const number = this.#identities.find(identity) - 1;
    return this.people[number] && number;
  }

  /** Takes the records of everybody in. */
  putAll(records: Iterable<EmployeeRecord>): void {
    const identities: string[] = [];
    const byPerson: [EmployeeRecord, ...EmployeeRecord[]][] = [];
    for (const record of records) {
      const identity = identityOf(record);
      const known = byPerson[this.#identities.idOf(identity) - 1];
      if (known) known.push(record);
      else {
        identities.push(identity);
        byPerson.push([record]);
      }
    }
    this.#reserve(byPerson.length);
    for (const [number, own] of byPerson.entries()) {
      const person = this.read(identities[number] ?? "", arrangeRecords(own));
      this.people.push(person);
      this.#count(person, number, 1);
    }
    this.settle();
  }

  /**
   * Makes room for so many people: tables that grow leave behind what they have outgrown. Seven keys are new with each, who is in
   * eight blocks and has twenty numbers in lists.
   */
  #reserve(people: number): void {
    this.keys.reserve(7 * people);
    this.blocks.reserve(7 * people, 8 * people);
    this.words.lists.reserve(20 * people);
  }

  /** Takes a person in, instead of the individual's old one, and returns the individual's number. */
  put(person: Person): number {
    const number = this.#identities.idOf(person.identity) - 1;
    const before = this.people[number];
    if (before) this.#count(before, number, -1, person);
    this.people[number] = person;
    this.#count(person, number, 1, before);
    return number;
  }

  /** Takes an individual out. */
  remove(number: number): void {
    const person = this.people[number];
    if (person) this.#count(person, number, -1);
    this.people[number] = undefined;
  }

  /** Notes how many people there are. Returns whether that changes what everything weighs. */
  settle(): boolean {
    const level = levelOf(this.size);
    const isOther = level !== this.frequency.level;
    this.frequency.level = level;
    return isOther;
  }

  /**
   * Counts a person in (1) or out (-1).
   *
   * @param beside who is counted the other way at the same time: what both have stays as it is
   */
  #count(person: Person, number: number, by: 1 | -1, beside?: Person): void {
    const note = (holders: Holders, value: number, other = 0): void => {
      if (value === 0 || value === other) return;
      if (by === 1) holders.add(value, number);
      else holders.remove(value, number);
    };
    const { words, blocks, dobs, titles } = this;
    const { lists } = words;
    for (let at = 0; at < lists.lengthOf(person.keys); at += 1) {
      const key = lists.at(person.keys, at);
      note(blocks, key, beside && lists.has(beside.keys, key) ? key : 0);
    }
    note(words.givens, person.given, beside?.given);
    note(words.families, person.family, beside?.family);
    note(titles, person.title, beside?.title);
    if (person.dob !== 0) note(dobs, placeOf(person.dob), beside?.dob ? placeOf(beside.dob) : 0);
    words.countGender(person.given, person.gender, by);
    this.size += by;
  }
}

/**
 * An individual's records in the order that is kept: most complete first, one for each entity. Of a record that is doubled the
 * more complete one is taken; of two that say as much, the same one whatever their order.
 */
export const arrangeRecords = (
  records: readonly [EmployeeRecord, ...EmployeeRecord[]],
): readonly [EmployeeRecord, ...EmployeeRecord[]] => {
  if (records.length === 1) return records;
  const ranked = records
    .map((record) => ({ record, text: JSON.stringify(record) }))
    .sort((a, b) => b.text.length - a.text.length || compareText(a.text, b.text))
    .map(({ record }) => record);
  const [first = records[0], ...rest] = ranked.filter(
    (record, at) => ranked.findIndex(({ entity_id: entity }) => (entity ?? null) === (record.entity_id ?? null)) === at,
  );
  return [first, ...rest];
};
