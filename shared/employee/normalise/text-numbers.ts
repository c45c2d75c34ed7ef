import { grown, grownSigns } from "../table.ts";

/**
 * Numbers for texts, from 1, so that comparing two is comparing numbers; 0 is the empty one. They are kept sign by sign in one
 * table, and found by another with open addressing (Knuth, vol. 3, 6.4): most are never needed as strings, and a Map of strings
 * that are made to be looked up costs several times as much.
 */
export class TextNumbers {
  #places = 2 ** 12;
  /** Two by two: a text's hash, and its number; 0 where the place is free. */
  #table = new Int32Array(this.#places * 2);
  /** Where a text begins among the signs; it ends where the next one begins. */
  #starts = new Int32Array(2 ** 10);
  #signs = new Uint16Array(2 ** 12);
  #last = 0;
  /** Those that were asked for. */
  readonly #texts: (string | undefined)[] = [""];
  #whole = new Uint16Array(256);

  /** The number of a text. */
  idOf(text: string): number {
    return this.idOfSigns(this.#signsOf(text), 0, text.length);
  }

  /** The number of a text that was met; 0 when it was not. */
  find(text: string): number {
    const signs = this.#signsOf(text);
    return this.#table[this.#placeOf(hashOf(signs, 0, text.length), signs, 0, text.length) + 1] ?? 0;
  }

  /** The number of the text that some signs are. */
  idOfSigns(signs: Uint16Array, start: number, end: number): number {
    if (start === end) return 0;
    const hash = hashOf(signs, start, end);
    const place = this.#placeOf(hash, signs, start, end);
    return this.#table[place + 1] || this.#add(place, hash, signs, start, end);
  }

  /** Whether the text that some signs are has a number. */
  has(signs: Uint16Array, start: number, end: number): boolean {
    return this.#table[this.#placeOf(hashOf(signs, start, end), signs, start, end) + 1] !== 0;
  }

  textOf(id: number): string {
    const known = this.#texts[id];
    if (known !== undefined) return known;
    const text = String.fromCharCode(...this.#signs.subarray(this.#starts[id], this.#starts[id + 1]));
    this.#texts[id] = text;
    return text;
  }

  /** Whether a text is somewhere in another one. */
  isIn(part: number, whole: number): boolean {
    const [signs, first, start] = [this.#signs, this.#starts[part] ?? 0, this.#starts[whole] ?? 0];
    const length = (this.#starts[part + 1] ?? 0) - first;
    const last = (this.#starts[whole + 1] ?? 0) - length;
    for (let from = start; from <= last; from += 1) {
      let at = 0;
      while (at < length && signs[from + at] === signs[first + at]) at += 1;
      if (at === length) return true;
    }
    return false;
  }

  #signsOf(text: string): Uint16Array {
    this.#whole = grownSigns(this.#whole, text.length);
    for (let at = 0; at < text.length; at += 1) this.#whole[at] = text.charCodeAt(at);
    return this.#whole;
  }

  /** Where a text is in the table, or would be. */
  #placeOf(hash: number, signs: Uint16Array, start: number, end: number): number {
    const [table, last] = [this.#table, this.#places - 1];
    for (let at = hash & last; ; at = (at + 1) & last) {
      const number = table[at * 2 + 1] as number;
      if (number === 0 || (table[at * 2] === hash && this.#is(number, signs, start, end))) return at * 2;
    }
  }

  #is(number: number, signs: Uint16Array, start: number, end: number): boolean {
    const own = this.#starts[number] ?? 0;
    if ((this.#starts[number + 1] ?? 0) - own !== end - start) return false;
    for (let at = start; at < end; at += 1) if (this.#signs[own + at - start] !== signs[at]) return false;
    return true;
  }

  #add(place: number, hash: number, signs: Uint16Array, start: number, end: number): number {
    this.#last += 1;
    const number = this.#last;
    this.#starts = grown(this.#starts, number + 2);
    const own = this.#starts[number] ?? 0;
    const after = own + end - start;
    this.#signs = grownSigns(this.#signs, after);
    for (let at = start; at < end; at += 1) this.#signs[own + at - start] = signs[at] as number;
    this.#starts[number + 1] = after;
    this.#texts.push(undefined);
    this.#table[place] = hash;
    this.#table[place + 1] = number;
    if (number * 4 > this.#places * 3) this.#grow();
    return number;
  }

  #grow(): void {
    const before = this.#table;
    this.#places *= 2;
    this.#table = new Int32Array(this.#places * 2);
    const last = this.#places - 1;
    for (let at = 0; at < before.length; at += 2) {
      const [hash = 0, number = 0] = [before[at], before[at + 1]];
      if (number === 0) continue;
      let place = hash & last;
      while (this.#table[place * 2 + 1] !== 0) place = (place + 1) & last;
      this.#table[place * 2] = hash;
      this.#table[place * 2 + 1] = number;
    }
  }
}

/** FNV-1a, with its bits mixed once more since the lowest ones choose the place. */
const hashOf = (signs: Uint16Array, start: number, end: number): number => {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (signs[at] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
};
