import { parseStoredTime } from "./stored-time.ts";

/** What the document client gives for an item. */
export type Item = Readonly<Record<string, unknown>>;

/**
 * Somebody else's names and texts, to be written as a map. As a plain object, one with a name such as `constructor` would be
 * no plain object to the SDK, which refuses it.
 */
export const writeTextMap = (texts: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(texts));

/**
 * Reads an item's attributes with their types checked. The table is a border like any other: an attribute that is not what
 * it should be is a bug or a tampering, and throws rather than travelling on.
 */
export const readItem = (item: Item): ItemReader => new ItemReader(item);

/** A class, since a list makes some hundred: their methods are there once. Each throws a TypeError that names the attribute. */
class ItemReader {
  readonly #item: Item;

  constructor(item: Item) {
    this.#item = item;
  }

  text(name: string): string {
    const value = this.#item[name];
    if (typeof value !== "string") throw malformed(name);
    return value;
  }

  textOrNull(name: string): string | null {
    return this.#isMissing(name) ? null : this.text(name);
  }

  number(name: string): number {
    const value = this.#item[name];
    if (typeof value !== "number") throw malformed(name);
    return value;
  }

  numberOrNull(name: string): number | null {
    return this.#isMissing(name) ? null : this.number(name);
  }

  flag(name: string): boolean {
    const value = this.#item[name];
    if (typeof value !== "boolean") throw malformed(name);
    return value;
  }

  date(name: string): Date {
    const value = parseStoredTime(this.text(name));
    if (value === undefined) throw malformed(name);
    return value;
  }

  dateOrNull(name: string): Date | null {
    return this.#isMissing(name) ? null : this.date(name);
  }

  texts(name: string): string[] {
    const value = this.#item[name];
    if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) throw malformed(name);
    return value;
  }

  textsOrNull(name: string): string[] | null {
    return this.#isMissing(name) ? null : this.texts(name);
  }

  map(name: string): Item {
    const value = this.#item[name];
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(name);
    return value as Item;
  }

  mapOrNull(name: string): Item | null {
    return this.#isMissing(name) ? null : this.map(name);
  }

  maps(name: string): Item[] {
    const value = this.#item[name];
    if (!Array.isArray(value) || !value.every((each) => typeof each === "object" && each !== null)) {
      throw malformed(name);
    }
    return value;
  }

  textMap(name: string): Readonly<Record<string, string>> {
    const value = this.map(name);
    if (!isTextMap(value)) throw malformed(name);
    return value;
  }

  bytes(name: string): Uint8Array {
    const value = this.#item[name];
    if (!(value instanceof Uint8Array)) throw malformed(name);
    return value;
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const value = choices.find((each) => each === this.#item[name]);
    if (value === undefined) throw malformed(name);
    return value;
  }

  #isMissing(name: string): boolean {
    return this.#item[name] === undefined || this.#item[name] === null;
  }
}

const isTextMap = (map: Item): map is Readonly<Record<string, string>> =>
  Object.values(map).every((value) => typeof value === "string");

const malformed = (name: string) => new TypeError(`malformed item: attribute ${name}`);
