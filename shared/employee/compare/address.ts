import type { Person } from "../normalise/person.ts";
import type { Frequency } from "./frequency.ts";
import { isMisspelling } from "./similar.ts";

/** How homes agree. `near`: the place or the street does, and something of the other. `public`: it is no home. */
export type AddressLevel = "same" | "near" | "public" | "missing" | "different";

/** Compares homes; flats are not looked at. */
export const compareAddress = (a: Person, b: Person, frequency: Frequency): AddressLevel => {
  const [one, other] = [a.address, b.address];
  if (!one || !other) return "missing";
  if (a.addressKey !== 0 && a.addressKey === b.addressKey) {
    return frequency.isPublicAddress(a.addressKey) ? "public" : "same";
  }
  const isPlace =
    (one.postalCode !== "" && one.postalCode === other.postalCode) || (one.city !== "" && one.city === other.city);
  const isHouse = one.house !== "" && one.house === other.house;
  if (isHouse && isPlace && (one.street === other.street || isMisspelling(one.street, other.street))) {
    return isAnyPublic(a, b, frequency) ? "public" : "same";
  }
  const isStreet = one.words.some((word) => other.words.some((own) => own === word || isMisspelling(own, word)));
  return isStreet && (isPlace || isHouse) ? "near" : "different";
};

const isAnyPublic = (a: Person, b: Person, frequency: Frequency): boolean =>
  (a.addressKey !== 0 && frequency.isPublicAddress(a.addressKey)) ||
  (b.addressKey !== 0 && frequency.isPublicAddress(b.addressKey));
