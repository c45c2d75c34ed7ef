/**
 * Kinds of keys. Below 2^25 they leave room for the first number of a key, such as a date of birth as `yyyymmdd`.
 */
export const keyKind = {
  dobAndLetter: 1,
  dobAndFour: 2,
  name: 3,
  familyAndFour: 4,
  four: 5,
  email: 6,
  street: 7,
  home: 8,
  phone: 9,
  ssn: 10,
} as const;

const firstBits = 25;
/** Numbers of a place in the table: the two of a pair, and the key; 0 where the place is free. */
const width = 3;

/**
 * Numbers for keys, from 1. A key is two numbers of a kind. They are in a table with open addressing (Knuth, vol. 3, 6.4): there
 * are a million of them, and a Map of numbers this large costs ten times as much.
 */
export class KeyNumbers {
  #places = 2 ** 12;
  #table = new Int32Array(this.#places * width);
  #last = 0;

  /** Makes room for so many keys at once. */
  reserve(keys: number): void {
    let places = this.#places;
    while (keys * 4 > places * 3) places *= 2;
    if (places > this.#places) this.#grow(places);
  }

  /** The key of two numbers: `one` of less than 2^25, `other` of 32 bits. */
  of(kind: number, one: number, other: number): number {
    const first = (kind << firstBits) | one;
    const at = this.#placeOf(first, other);
    const known = this.#table[at + 2] ?? 0;
    if (known !== 0) return known;
    this.#last += 1;
    const number = this.#last;
    this.#put(at, first, other, number);
    if (number * 4 > this.#places * 3) this.#grow(this.#places * 2);
    return number;
  }

  /** Where a pair is, or would be. */
  #placeOf(first: number, second: number): number {
    let mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
    const [table, last] = [this.#table, this.#places - 1];
    let place = (mixed ^ (mixed >>> 13)) & last;
    for (;;) {
      const at = place * width;
      if (table[at + 2] === 0 || (table[at] === first && table[at + 1] === second)) return at;
      place = (place + 1) & last;
    }
  }

  #put(at: number, first: number, second: number, number: number): void {
    this.#table[at] = first;
    this.#table[at + 1] = second;
    this.#table[at + 2] = number;
  }

  #grow(places: number): void {
    const before = this.#table;
    this.#places = places;
    this.#table = new Int32Array(this.#places * width);
    for (let at = 0; at < before.length; at += width) {
      const [first = 0, second = 0, number = 0] = [before[at], before[at + 1], before[at + 2]];
      if (number !== 0) this.#put(this.#placeOf(first, second), first, second, number);
    }
  }
}
