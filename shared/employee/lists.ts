import { grown } from "./table.ts";

/** A list that is being made; it serves one after the other, since an array that grows takes room for sixteen more. */
export class Draft {
  #values = new Int32Array(2 ** 4);
  length = 0;

  clear(): this {
    this.length = 0;
    return this;
  }

  push(value: number): void {
    this.#values = grown(this.#values, this.length + 1);
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(place: number): number | undefined {
    return place < this.length ? this.#values[place] : undefined;
  }

  has(value: number): boolean {
    for (let at = 0; at < this.length; at += 1) if (this.#values[at] === value) return true;
    return false;
  }
}

/**
 * Short lists of numbers, in one table. A list is named by where it begins there, and its length stands first; 0 is the empty one.
 * A person has half a dozen: as arrays they would be a dozen objects, and moving those about would cost more than reading the
 * records does. Lists stay, as words and keys do, when whoever had them has gone.
 */
export class Lists {
  #table = new Int32Array(2 ** 12);
  #end = 1;

  /** Makes room for so many numbers at once. */
  reserve(numbers: number): void {
    this.#table = grown(this.#table, numbers);
  }

  /** Keeps some numbers, and returns their list. */
  add(values: Pick<Draft, "length" | "at">): number {
    if (values.length === 0) return 0;
    const list = this.#end;
    this.#end += values.length + 1;
    this.#table = grown(this.#table, this.#end);
    this.#table[list] = values.length;
    for (let at = 0; at < values.length; at += 1) this.#table[list + 1 + at] = values.at(at) as number;
    return list;
  }

  lengthOf(list: number): number {
    return this.#table[list] as number;
  }

  /** The number at a place of a list; 0 behind its end. */
  at(list: number, place: number): number {
    return place < this.lengthOf(list) ? (this.#table[list + 1 + place] as number) : 0;
  }

  has(list: number, value: number): boolean {
    const last = list + this.lengthOf(list);
    for (let at = list + 1; at <= last; at += 1) if (this.#table[at] === value) return true;
    return false;
  }

  /** Whether two lists have a number in common. */
  meet(one: number, other: number): boolean {
    if (one === 0 || other === 0) return false;
    const last = one + this.lengthOf(one);
    for (let at = one + 1; at <= last; at += 1) if (this.has(other, this.#table[at] as number)) return true;
    return false;
  }

  /** Whether one of a list's numbers is such. */
  some(list: number, isSuch: (value: number, place: number) => boolean): boolean {
    for (let at = 0; at < this.lengthOf(list); at += 1) if (isSuch(this.at(list, at), at)) return true;
    return false;
  }
}
