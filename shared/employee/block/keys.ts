import type { Person } from "../normalise/person.ts";
import type { Vocabulary } from "../normalise/vocabulary.ts";
import type { KeyIndex } from "./key-index.ts";

/** Numbers that keep the keys of different kinds apart; dates of birth alone are below all of them. */
const kind = { dobAndLetter: 1, dobAndFour: 2, name: 3, familyAndFour: 4 } as const;

const numberKey = (of: number, one: number, other: number): number => of * 2 ** 50 + one * 2 ** 24 + other;

/**
 * The blocks of a person. Two people are compared when they share one: any value that is nearly one person's, and
 * combinations of what survives errors in the rest. Each true pair should share several, so that no one error loses it.
 */
export const blockingKeys = (person: Omit<Person, "keys">, words: Vocabulary, index: KeyIndex): readonly number[] => {
  const { dob, given, family, lastFour, ssnKey, addressKey } = person;
  const keys = [...person.emails, ...person.phones];
  if (ssnKey !== 0) keys.push(ssnKey);
  if (addressKey !== 0) keys.push(addressKey);
  if (dob !== 0) {
    // Initials of both names, either way round: names change places.
    const [one, other] = [words.textOf(given).charCodeAt(0), words.textOf(family).charCodeAt(0)];
    if (given !== 0) keys.push(index.ofNumber(numberKey(kind.dobAndLetter, dob, one)));
    if (family !== 0 && other !== one) keys.push(index.ofNumber(numberKey(kind.dobAndLetter, dob, other)));
    for (const part of person.familyParts) {
      const letter = words.textOf(part).charCodeAt(0);
      if (letter !== one && letter !== other) keys.push(index.ofNumber(numberKey(kind.dobAndLetter, dob, letter)));
    }
    if (lastFour !== 0) keys.push(index.ofNumber(numberKey(kind.dobAndFour, dob, lastFour)));
  }
  if (given !== 0 && family !== 0) {
    const [low, high] = given < family ? [given, family] : [family, given];
    keys.push(index.ofNumber(numberKey(kind.name, low, high)));
  }
  if (lastFour !== 0 && family !== 0) keys.push(index.ofNumber(numberKey(kind.familyAndFour, lastFour, family)));
  return [...new Set(keys)].sort((a, b) => a - b);
};

/** The first block that two people share, -1 when there is none. Blocks that are too large to be compared do not count. */
export const firstSharedKey = (
  one: readonly number[],
  other: readonly number[],
  isOpen: (key: number) => boolean,
): number => {
  let [at, beside] = [0, 0];
  while (at < one.length && beside < other.length) {
    const [key, against] = [one[at] as number, other[beside] as number];
    if (key === against) {
      if (isOpen(key)) return key;
      at += 1;
      beside += 1;
    } else if (key < against) at += 1;
    else beside += 1;
  }
  return -1;
};
