import { largestBlock } from "../block/pairs.ts";
import { levelOf } from "../compare/frequency.ts";
import type { Holders } from "../holders.ts";
import { placeOf } from "../normalise/date.ts";
import type { Person } from "../normalise/person.ts";
import type { Roster } from "../roster.ts";

/** What the frequency of a value says. */
export interface Meaning {
  readonly holders: Holders;
  readonly value: number;
  readonly says: string;
}

/**
 * What the frequency of a person's values says, by a name for each: as long as it stays, nobody else's links can change.
 */
export const meaningsOf = (roster: Roster, person: Person, into: Map<string, Meaning>): void => {
  const { blocks, dobs, titles, frequency, words } = roster;
  const note = (name: string, holders: Holders, value: number, says: string): void => {
    into.set(`${name} ${value}`, { holders, value, says });
  };
  const { lists } = words;
  for (let at = 0; at < lists.lengthOf(person.keys); at += 1) {
    const key = lists.at(person.keys, at);
    const isOpen = blocks.count(key) <= largestBlock;
    const isContact = key === person.ssnKey || lists.has(person.emails, key) || lists.has(person.phones, key);
    const spread = isContact ? frequency.spreadOf(key) : "";
    const isPublic = key === person.addressKey && frequency.isPublicAddress(key);
    note("block", blocks, key, `${isOpen} ${spread} ${isPublic}`);
  }
  const { given, family, dob, title } = person;
  if (title !== 0) note("title", titles, title, `${frequency.isRareTitle(title)}`);
  if (dob !== 0) note("dob", dobs, placeOf(dob), `${frequency.isPlaceholderDate(dob)}`);
  if (given !== 0) note("given", words.givens, given, `${stepOf(words.givens.count(given))} ${words.genderOf(given)}`);
  if (family !== 0) note("family", words.families, family, stepOf(words.families.count(family)));
};

/** Steps at which a name's rarity changes. */
const stepOf = (count: number): string => `${levelOf(count)} ${count > 2}`;
