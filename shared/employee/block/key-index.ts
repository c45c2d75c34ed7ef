/** Which people have a key in common: an inverted index. A key is a text or a number; each gets a small number of its own, from 1. */
export class KeyIndex {
  readonly #texts = new Map<string, number>();
  readonly #numbers = new Map<number, number>();
  /** By key: nobody (-1), one person, or a list of several, which takes less room than a list for each. */
  readonly #members: (number | number[])[] = [-1];

  /** One more than the highest key. */
  get end(): number {
    return this.#members.length;
  }

  ofText(key: string): number {
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    this.#texts.set(key, this.#members.length);
    return this.#members.push(-1) - 1;
  }

  ofNumber(key: number): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#members.length);
    return this.#members.push(-1) - 1;
  }

  add(key: number, person: number): void {
    const members = this.#members[key] ?? -1;
    if (typeof members !== "number") members.push(person);
    else this.#members[key] = members === -1 ? person : [members, person];
  }

  remove(key: number, person: number): void {
    const members = this.#members[key] ?? -1;
    if (typeof members !== "number") {
      const at = members.indexOf(person);
      if (at !== -1) members.splice(at, 1);
    } else if (members === person) this.#members[key] = -1;
  }

  count(key: number): number {
    const members = this.#members[key] ?? -1;
    return typeof members !== "number" ? members.length : members === -1 ? 0 : 1;
  }

  /** Who has the key. */
  members(key: number): readonly number[] {
    const members = this.#members[key] ?? -1;
    return typeof members !== "number" ? [...members] : members === -1 ? none : [members];
  }

  /** Who has the key, when it is more than one; empty otherwise. */
  several(key: number): readonly number[] {
    const members = this.#members[key] ?? -1;
    return typeof members === "number" ? none : members;
  }
}

const none: readonly number[] = [];
