import type { Evidence, Facts } from "../compare/evidence.ts";
import { isFamily, isFull, isOwnSsn, ownContacts } from "./agreement.ts";
import { type Ruling, ruling, unlike } from "./ruling.ts";
import { sameBy } from "./same.ts";

/** Whether all that keeps two apart is the first name: somebody may go by another. */
export const isByGivenName = (decided: Ruling): boolean => decided === unlike.given;

const possible = ruling("possible", "much agrees, and nothing that only one person has");
const different = ruling("different", "too little agrees");

/** From how many bits on a pair is worth being shown. */
const worthShowing = 0;

/**
 * Decides on two records. Weight alone never joins two: each rule asks for what one person has, an SSN, a date of birth or an
 * unshared e-mail address, and for agreement of the names; what would tell twins, a father and a son, a couple or two people of one
 * name apart keeps them apart.
 *
 * @param odds the posterior odds in bits
 */
export const decide = (e: Evidence, odds: number): Ruling => {
  const against = unlikeBy(e);
  if (against) return against;
  const by = sameBy(e);
  if (by) return by;
  return odds >= worthShowing ? possible : different;
};

/** What keeps two apart whatever else they show; undefined when the rest has to be seen. */
export const unlikeByFacts = (e: Facts): Ruling | undefined => {
  if (e.suffix === "conflict") return unlike.suffix;
  if (e.ssn === "conflict" && e.dob !== "same") return unlike.ssn;
  return e.dob === "conflict" && !isOwnSsn(e) ? unlike.dob : undefined;
};

/** What two different people would show. An error of one field is outweighed when enough others agree. */
const unlikeBy = (e: Evidence): Ruling | undefined => {
  const against = unlikeByFacts(e);
  if (against) return against;
  const [full, family] = [isFull(e), isFamily(e)];
  const isHome = e.address === "same" || e.address === "near";
  const isNear = isHome || ownContacts(e) > 0;
  const isNamed = full || e.given === "missing";
  if (e.ssn === "conflict" && !(isNamed && isNear)) return unlike.ssn;
  if (e.dob === "conflict" && !(isNamed && (family || isNear))) return unlike.dob;
  if (e.given === "conflict" && !e.isSwapped && !isOtherName(e)) return unlike.given;
  return undefined;
};

/** Whether one person may go by both first names: the SSN says that it is one, and no more than the name speaks against it. */
const isOtherName = (e: Evidence): boolean =>
  (e.dob === "same" && e.isMailboxNamed && isFamily(e) && e.gender !== "conflict") ||
  (isOwnSsn(e) &&
    (e.dob === "same" || (e.dob === "missing" && e.ssn === "same" && e.gender === "same" && isFamily(e))));
