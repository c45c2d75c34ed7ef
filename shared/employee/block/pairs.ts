import type { Person } from "../normalise/person.ts";
import type { KeyIndex } from "./key-index.ts";
import { firstSharedKey } from "./keys.ts";

/**
 * A block with more people than this is not compared: whoever belongs together shares a smaller one. It bounds the work of one
 * record, and so makes the whole grow with the number of records.
 */
export const largestBlock = 40;

/** Calls back with each two people who share a block, once, in ascending order. */
export const forEachPair = (
  index: KeyIndex,
  people: readonly (Person | undefined)[],
  visit: (one: number, other: number) => void,
): void => {
  const isOpen = (key: number): boolean => index.count(key) <= largestBlock;
  for (let key = 1; key < index.end; key += 1) {
    const members = index.several(key);
    if (members.length < 2 || members.length > largestBlock) continue;
    for (let at = 1; at < members.length; at += 1) {
      const other = members[at] as number;
      const others = (people[other] as Person).keys;
      for (let before = 0; before < at; before += 1) {
        const one = members[before] as number;
        if (firstSharedKey((people[one] as Person).keys, others, isOpen) === key) visit(one, other);
      }
    }
  }
};

/** Whoever shares a block with a person. */
export const candidatesOf = (
  index: KeyIndex,
  people: readonly (Person | undefined)[],
  person: number,
): ReadonlySet<number> => {
  const found = new Set<number>();
  for (const key of people[person]?.keys ?? []) {
    const members = index.several(key);
    if (members.length <= largestBlock) for (const other of members) found.add(other);
  }
  found.delete(person);
  return found;
};
