import { largestBlock } from "../block/pairs.ts";
import { levelOf } from "../compare/frequency.ts";
import type { Person } from "../normalise/person.ts";
import type { Roster } from "../roster.ts";

/** What the frequency of a person's values says, value by value: as long as it stays, nobody else's links can change. */
export const meaningsOf = (roster: Roster, person: Person, into: Map<number, string>): void => {
  const { index, frequency, words } = roster;
  const note = (key: number, meaning: string): void => {
    into.set(key, meaning);
  };
  for (const key of person.keys) note(key, index.count(key) <= largestBlock ? "open" : "closed");
  for (const key of [...person.emails, ...person.phones, person.ssnKey]) {
    if (key !== 0) note(key, `${into.get(key)} ${frequency.spreadOf(key)}`);
  }
  const { addressKey, dobKey, givenKey, familyKey } = person;
  if (addressKey !== 0) note(addressKey, `${into.get(addressKey)} ${frequency.isPublicAddress(addressKey)}`);
  if (dobKey !== 0) note(dobKey, `${frequency.isPlaceholderDate(dobKey)}`);
  note(givenKey, stepOf(words.givenCount(person.given)));
  note(familyKey, stepOf(words.familyCount(person.family)));
};

/** Steps at which a name's rarity changes. */
const stepOf = (count: number): string => `${levelOf(count)} ${count > 2}`;
