import { Draft } from "../lists.ts";
import type { Person } from "../normalise/person.ts";
import type { Vocabulary } from "../normalise/vocabulary.ts";
import { type KeyNumbers, keyKind as kind } from "./key-numbers.ts";

const keys = new Draft();

/**
 * A list of the blocks of a person, each once. Two people are compared when they share one: any value that is nearly one person's, and
 * combinations of what survives errors in the rest. Each true pair should share several, so that no one error loses it.
 */
export const blockingKeys = (person: Omit<Person, "keys">, words: Vocabulary, numbers: KeyNumbers): number => {
  const { dob, given, family, lastFour, ssnKey, addressKey } = person;
  const { lists } = words;
  keys.clear();
  for (let at = 0; at < lists.lengthOf(person.emails); at += 1) keys.push(lists.at(person.emails, at));
  for (let at = 0; at < lists.lengthOf(person.phones); at += 1) keys.push(lists.at(person.phones, at));
  if (ssnKey !== 0) keys.push(ssnKey);
  if (addressKey !== 0) keys.push(addressKey);
  if (dob !== 0) {
    // Initials of both names, either way round: names change places.
    const [one, other] = [words.textOf(given).charCodeAt(0), words.textOf(family).charCodeAt(0)];
    if (given !== 0) keys.push(numbers.of(kind.dobAndLetter, dob, one));
    if (family !== 0 && other !== one) keys.push(numbers.of(kind.dobAndLetter, dob, other));
    for (let at = 0; at < lists.lengthOf(person.familyParts); at += 1) {
      const letter = numbers.of(kind.dobAndLetter, dob, words.textOf(lists.at(person.familyParts, at)).charCodeAt(0));
      if (!keys.has(letter)) keys.push(letter);
    }
    if (lastFour !== 0) keys.push(numbers.of(kind.dobAndFour, dob, lastFour));
  }
  if (given !== 0 && family !== 0) {
    const [low, high] = given < family ? [given, family] : [family, given];
    keys.push(numbers.of(kind.name, low, high));
  }
  if (lastFour !== 0 && family !== 0) keys.push(numbers.of(kind.familyAndFour, family, lastFour));
  return lists.add(keys);
};
