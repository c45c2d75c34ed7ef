import type { Holders } from "../holders.ts";
import type { Lists } from "../lists.ts";
import type { Person } from "../normalise/person.ts";

/**
 * A block with more people than this is not compared: whoever belongs together shares a smaller one. It bounds the work of one
 * record, and so makes the whole grow with the number of records.
 */
export const largestBlock = 40;

/** Calls back with each two people who share a block, once: each person with all before it. */
export const forEachPair = (
  blocks: Holders,
  lists: Lists,
  people: readonly (Person | undefined)[],
  visit: (one: number, other: number) => void,
): void => {
  /** By person: the last one that it was met with. */
  const metBy = new Int32Array(people.length).fill(-1);
  for (let other = 0; other < people.length; other += 1) {
    const keys = people[other]?.keys ?? 0;
    for (let at = 0; at < lists.lengthOf(keys); at += 1) {
      const key = lists.at(keys, at);
      const count = blocks.count(key);
      if (count === 1 || count > largestBlock) continue;
      for (let link = blocks.latest(key); link !== 0; link = blocks.before(link)) {
        const one = blocks.personAt(link);
        if (one >= other || metBy[one] === other) continue;
        metBy[one] = other;
        visit(one, other);
      }
    }
  }
};

/** Whoever is in one of some blocks that are compared. */
export const candidatesOf = (blocks: Holders, lists: Lists, keys: number): Set<number> => {
  const found = new Set<number>();
  for (let at = 0; at < lists.lengthOf(keys); at += 1) {
    const key = lists.at(keys, at);
    if (blocks.count(key) <= largestBlock) for (const other of blocks.members(key)) found.add(other);
  }
  return found;
};
