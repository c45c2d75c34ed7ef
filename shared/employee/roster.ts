import { KeyIndex } from "./block/key-index.ts";
import { blockingKeys } from "./block/keys.ts";
import { Frequency, levelOf } from "./compare/frequency.ts";
import { createPersonReader, type Person } from "./normalise/person.ts";
import { Vocabulary } from "./normalise/vocabulary.ts";
import { compareText, type EmployeeRecord, identityOf } from "./record.ts";

/** All people of a customer as they are compared, with what their values' frequencies say. */
export class Roster {
  readonly words = new Vocabulary();
  readonly index = new KeyIndex();
  /** By number; undefined where one was removed. */
  readonly people: (Person | undefined)[] = [];
  readonly numbers = new Map<string, number>();
  readonly frequency = new Frequency(this.words, this.index, this.people);
  readonly #normalise = createPersonReader(this.words, this.index);

  /** Makes a person of an individual's records, without counting it in. */
  read(records: readonly [EmployeeRecord, ...EmployeeRecord[]]): Person {
    const person = this.#normalise(records);
    return { ...person, keys: blockingKeys(person, this.words, this.index) };
  }

  /** Takes a person in, instead of the individual's old one, and returns the individual's number. */
  put(person: Person): number {
    const number = this.numbers.get(person.identity) ?? this.people.push(undefined) - 1;
    this.#count(number, -1);
    this.people[number] = person;
    this.numbers.set(person.identity, number);
    this.#count(number, 1);
    return number;
  }

  /** Takes an individual out. */
  remove(number: number): void {
    this.#count(number, -1);
    this.numbers.delete(this.people[number]?.identity ?? "");
    this.people[number] = undefined;
  }

  /** Notes how many people there are. Returns whether that changes what everything weighs. */
  settle(): boolean {
    const level = levelOf(this.numbers.size);
    const isOther = level !== this.frequency.level;
    this.frequency.level = level;
    return isOther;
  }

  #count(number: number, by: 1 | -1): void {
    const person = this.people[number];
    if (!person) return;
    for (const key of countedKeys(person)) {
      if (by === 1) this.index.add(key, number);
      else this.index.remove(key, number);
    }
    this.words.count(person.given, person.family, by);
  }
}

/** All keys by which a person is found or counted. */
const countedKeys = (person: Person): readonly number[] =>
  person.dobKey === 0
    ? [...person.keys, person.givenKey, person.familyKey]
    : [...person.keys, person.givenKey, person.familyKey, person.dobKey];

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

/** Records by individual, each individual's arranged. */
export const byIndividual = (
  records: Iterable<EmployeeRecord>,
): ReadonlyMap<string, readonly [EmployeeRecord, ...EmployeeRecord[]]> => {
  const found = new Map<string, [EmployeeRecord, ...EmployeeRecord[]]>();
  const doubled = new Set<string>();
  for (const record of records) {
    const identity = identityOf(record);
    const known = found.get(identity);
    if (known) {
      known.push(record);
      doubled.add(identity);
    } else found.set(identity, [record]);
  }
  const arranged: Map<string, readonly [EmployeeRecord, ...EmployeeRecord[]]> = found;
  for (const identity of doubled) {
    const own = found.get(identity);
    if (own) arranged.set(identity, arrangeRecords(own));
  }
  return arranged;
};
