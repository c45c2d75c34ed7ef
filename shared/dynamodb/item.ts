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
export const readItem = (item: Item) => {
  const malformed = (name: string) => new TypeError(`malformed item: attribute ${name}`);
  const text = (name: string): string => {
    const value = item[name];
    if (typeof value !== "string") throw malformed(name);
    return value;
  };
  const orNull =
    <Value>(read: (name: string) => Value) =>
    (name: string): Value | null =>
      item[name] === undefined || item[name] === null ? null : read(name);
  const number = (name: string): number => {
    const value = item[name];
    if (typeof value !== "number") throw malformed(name);
    return value;
  };
  const flag = (name: string): boolean => {
    const value = item[name];
    if (typeof value !== "boolean") throw malformed(name);
    return value;
  };
  const date = (name: string): Date => {
    const value = new Date(text(name));
    if (Number.isNaN(value.getTime())) throw malformed(name);
    return value;
  };
  const texts = (name: string): string[] => {
    const value = item[name];
    if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) throw malformed(name);
    return value;
  };
  const map = (name: string): Item => {
    const value = item[name];
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(name);
    return value as Item;
  };
  const textMap = (name: string): Record<string, string> => {
    const entries = Object.entries(map(name));
    if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) throw malformed(name);
    return Object.fromEntries(entries);
  };
  const maps = (name: string): Item[] => {
    const value = item[name];
    if (!Array.isArray(value) || !value.every((each) => typeof each === "object" && each !== null)) {
      throw malformed(name);
    }
    return value;
  };
  const bytes = (name: string): Uint8Array => {
    const value = item[name];
    if (!(value instanceof Uint8Array)) throw malformed(name);
    return value;
  };
  const choice = <const Choice extends string>(name: string, choices: readonly Choice[]): Choice => {
    const value = choices.find((each) => each === item[name]);
    if (value === undefined) throw malformed(name);
    return value;
  };
  return {
    text,
    number,
    flag,
    date,
    texts,
    map,
    maps,
    textMap,
    bytes,
    choice,
    textOrNull: orNull(text),
    textsOrNull: orNull(texts),
    dateOrNull: orNull(date),
    mapOrNull: orNull(map),
  };
};
