import { grown } from "./table.ts";

/**
 * Who has a value, by the value's number: chains of people, the latest first. They lie in three tables of numbers, since a list
 * for each of a million values would take several times the room, and as long to be moved about as everything else takes.
 */
export class Holders {
  /** By value, two by two: how many have it, and the latest link of its chain. They are looked at together. */
  #values = new Int32Array(2048);
  /** Links two by two: a person, and the link before it; 0 is none. */
  #links = new Int32Array(2048);
  #end = 1;
  /** The first of the links that are free again; each names the next as the link before it. */
  #free = 0;

  /** Makes room for so many values, and so many who have one, at once. */
  reserve(values: number, links: number): void {
    this.#values = grown(this.#values, values * 2);
    this.#links = grown(this.#links, links * 2);
  }

  add(value: number, person: number): void {
    this.#values = grown(this.#values, value * 2 + 2);
    const link = this.#take();
    this.#links[link * 2] = person;
    this.#links[link * 2 + 1] = this.latest(value);
    this.#values[value * 2 + 1] = link;
    this.#values[value * 2] = this.count(value) + 1;
  }

  remove(value: number, person: number): void {
    let [link, after] = [this.latest(value), 0];
    while (link !== 0 && this.personAt(link) !== person) [after, link] = [link, this.before(link)];
    if (link === 0) return;
    if (after === 0) this.#values[value * 2 + 1] = this.before(link);
    else this.#links[after * 2 + 1] = this.before(link);
    this.#links[link * 2 + 1] = this.#free;
    this.#free = link;
    this.#values[value * 2] = this.count(value) - 1;
  }

  /** How many have it. */
  count(value: number): number {
    return this.#values[value * 2] ?? 0;
  }

  /** The latest link of a value's chain. */
  latest(value: number): number {
    return this.#values[value * 2 + 1] ?? 0;
  }

  personAt(link: number): number {
    return this.#links[link * 2] ?? 0;
  }

  before(link: number): number {
    return this.#links[link * 2 + 1] ?? 0;
  }

  /** Who has it. */
  members(value: number): readonly number[] {
    const found: number[] = [];
    for (let link = this.latest(value); link !== 0; link = this.before(link)) found.push(this.personAt(link));
    return found;
  }

  #take(): number {
    const link = this.#free;
    if (link !== 0) {
      this.#free = this.before(link);
      return link;
    }
    this.#end += 1;
    this.#links = grown(this.#links, this.#end * 2);
    return this.#end - 1;
  }
}
