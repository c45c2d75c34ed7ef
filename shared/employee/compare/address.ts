import type { Person } from "../normalise/person.ts";
import type { Vocabulary } from "../normalise/vocabulary.ts";
import type { Frequency } from "./frequency.ts";
import { isMisspelling } from "./similar.ts";

/** How homes agree. `near`: the place or the street does, and something of the other. `public`: it is no home. */
export type AddressLevel = "same" | "near" | "public" | "missing" | "different";

/** Compares homes; flats are not looked at. */
export const compareAddress = (a: Person, b: Person, words: Vocabulary, frequency: Frequency): AddressLevel => {
  if (!hasAddress(a) || !hasAddress(b)) return "missing";
  if (a.addressKey !== 0 && a.addressKey === b.addressKey) {
    return frequency.isPublicAddress(a.addressKey) ? "public" : "same";
  }
  const isPlace = (a.postalCode !== 0 && a.postalCode === b.postalCode) || (a.city !== 0 && a.city === b.city);
  const isHouse = a.house !== 0 && a.house === b.house;
  if (!isPlace && !isHouse) return "different";
  const areAlike = (some: number, others: number): boolean =>
    some === others || isMisspelling(words.textOf(some), words.textOf(others));
  if (isHouse && isPlace && areAlike(a.street, b.street)) return isAnyPublic(a, b, frequency) ? "public" : "same";
  const { lists } = words;
  const isStreet = lists.some(a.streetWords, (word) => lists.some(b.streetWords, (own) => areAlike(own, word)));
  return isStreet ? "near" : "different";
};

const hasAddress = ({ house, street }: Person): boolean => house !== 0 || street !== 0;

const isAnyPublic = (a: Person, b: Person, frequency: Frequency): boolean =>
  (a.addressKey !== 0 && frequency.isPublicAddress(a.addressKey)) ||
  (b.addressKey !== 0 && frequency.isPublicAddress(b.addressKey));
