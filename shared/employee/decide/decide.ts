import type { Evidence } from "../compare/evidence.ts";

/** What becomes of two records. `unlike` keeps them apart, and the clusters that they are in. */
export type Outcome = "same" | "possible" | "different" | "unlike";

/** A rule that decided, for the explanation. */
export interface Ruling {
  readonly outcome: Outcome;
  readonly rule: string;
}

const ruling = (outcome: Outcome, rule: string): Ruling => ({ outcome, rule });

const same = {
  ssn: ruling("same", "the SSN and the name agree, and nothing speaks against it"),
  ssnAndDob: ruling("same", "the SSN and the date of birth agree, and one of the names"),
  ssnAndNames: ruling("same", "the SSN and the full name agree; the date of birth differs"),
  ssnNewName: ruling("same", "the SSN, the first name and a contact agree; the family name is another"),
  ssnSlip: ruling("same", "the SSN is one slip apart; date of birth and names agree"),
  ssnSlipContact: ruling("same", "the SSN is one slip apart; names and a contact agree"),
  four: ruling("same", "the SSN's last four digits, the date of birth and the names agree"),
  dob: ruling("same", "the date of birth, the names and one more field agree"),
  rareName: ruling("same", "the date of birth and a full name that hardly anybody has agree"),
  dobNewName: ruling("same", "the date of birth, the first name and a contact agree; the family name is another"),
  dobInitial: ruling("same", "the date of birth, the family name, the initial and a contact agree"),
  dobMiddle: ruling("same", "the date of birth and the family name agree, one's first name is the other's middle name"),
  dobSlip: ruling("same", "the date of birth is one slip apart; names and a contact agree"),
  dobHome: ruling("same", "the date of birth, the full name and the home agree; the SSN differs"),
  email: ruling("same", "the full name and an e-mail address that nobody else has agree"),
} as const;

const unlike = {
  suffix: ruling("unlike", "one is junior, the other senior"),
  ssn: ruling("unlike", "the SSNs differ"),
  dob: ruling("unlike", "the dates of birth differ"),
  given: ruling("unlike", "the first names differ"),
} as const;

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

const isFull = ({ given, isSwapped }: Evidence): boolean =>
  given === "exact" || given === "nickname" || given === "typo" || isSwapped || isDoubtful(given);

/** Names that two people of one family may have: alike, and not one the short form of the other. */
const isDoubtful = (given: Evidence["given"]): boolean => given === "variant" || given === "misspelt";

const isFamily = ({ family, isSwapped }: Evidence): boolean =>
  family === "exact" || family === "part" || family === "misspelt" || isSwapped;

const isOwnEmail = (e: Evidence): boolean => e.email !== 0 && e.emailSpread === 1;
const isOwnPhone = (e: Evidence): boolean => e.phone !== 0 && e.phoneSpread === 1;

/** Contacts that only one person has. */
const ownContacts = (e: Evidence): number => (isOwnEmail(e) ? 1 : 0) + (isOwnPhone(e) ? 1 : 0);

/** What agrees beside SSN, date of birth and name. */
const supports = (e: Evidence): number =>
  (e.email !== 0 && e.emailSpread < 3 ? 1 : 0) +
  (e.phone !== 0 && e.phoneSpread < 3 ? 1 : 0) +
  (e.address === "same" || (e.address === "near" && e.given === "exact" && e.family === "exact") ? 1 : 0) +
  (e.middle === "exact" || e.middle === "initial" ? 1 : 0);

/** What two different people would show. An error of one field is outweighed when enough others agree. */
const unlikeBy = (e: Evidence): Ruling | undefined => {
  if (e.suffix === "conflict") return unlike.suffix;
  const [full, family] = [isFull(e), isFamily(e)];
  const isHome = e.address === "same" || e.address === "near";
  const isNear = isHome || ownContacts(e) > 0;
  if (e.ssn === "conflict" && !(e.dob === "same" && (full || e.given === "missing") && isNear)) return unlike.ssn;
  if (e.dob === "conflict" && !(isOwnSsn(e) && (full || e.given === "missing") && (family || isNear)))
    return unlike.dob;
  if (e.given === "conflict" && !e.isSwapped && !(isOwnSsn(e) && e.dob === "same")) return unlike.given;
  return undefined;
};

/** The SSN is one person's; a slip that is not as twins' numbers differ is as good beside the same date of birth. */
const isOwnSsn = ({ ssn, ssnSpread, dob }: Evidence): boolean =>
  (ssn === "same" && ssnSpread === 1) || (ssn === "slip" && dob === "same");

const sameBy = (e: Evidence): Ruling | undefined => {
  const [full, family] = [isFull(e), isFamily(e)];
  if (e.ssn === "same" && e.ssnSpread < 3) return sameBySsn(e, full, family);
  if (e.ssn === "slip" && e.dob === "same") return sameBySsn(e, full, family) && same.ssnSlip;
  if (e.ssn === "slip" || e.ssn === "row") return sameBySlip(e, full && family);
  if (e.ssn === "conflict") {
    return e.dob === "same" &&
      e.middle !== "conflict" &&
      (e.given === "exact" || e.isSwapped) &&
      family &&
      (e.address === "same" || ((e.family === "exact" || e.isSwapped) && e.address === "near"))
      ? same.dobHome
      : undefined;
  }
  if (e.dob === "same") return sameByDob(e, full, family);
  if (!full || !family || isDoubtful(e.given) || e.suffix === "one" || e.middle === "conflict") return undefined;
  if (e.dob === "slip") {
    return isOwnEmail(e) || (isOwnPhone(e) && e.address === "same") ? same.dobSlip : undefined;
  }
  // Addresses made of a common name, and an employer's, are given to others later. Father and son may work at one place.
  const isCertain = isOwnPhone(e) || e.address === "same" || e.middle === "exact";
  return isOwnEmail(e) &&
    !e.isOneConnection &&
    e.gender !== "conflict" &&
    (isCertain || (e.isRareName && !e.isWorkEmail))
    ? same.email
    : undefined;
};

const sameBySlip = (e: Evidence, names: boolean): Ruling | undefined => {
  if (!names || isDoubtful(e.given) || e.middle === "conflict" || e.gender === "conflict") return undefined;
  // Twins have numbers in a row, and sometimes names of one stem.
  const isTold = ownContacts(e) > 0 || e.middle === "exact" || e.middle === "initial";
  if (e.dob === "same" && (isTold || e.ssn === "slip" || e.isSwapped)) return same.ssnSlip;
  return ownContacts(e) > 0 && e.dob !== "conflict" && e.suffix !== "one" ? same.ssnSlipContact : undefined;
};

const sameBySsn = (e: Evidence, full: boolean, family: boolean): Ruling | undefined => {
  if (e.dob === "conflict") {
    return full && (family || (e.given === "exact" && e.address === "same")) ? same.ssnAndNames : undefined;
  }
  if (e.dob === "same") {
    if (full || (family && e.given !== "conflict")) return same.ssnAndDob;
    if (!isOwnSsn(e) || e.gender === "conflict") return undefined;
    // Twins whose SSNs were confused look like one who goes by another name.
    if (family && !e.isOneConnection) return same.ssnAndDob;
    return e.given !== "conflict" || e.address === "same" || e.address === "near" ? same.ssnAndDob : undefined;
  }
  if (e.gender === "conflict") return undefined;
  if (full && family && !isDoubtful(e.given)) return same.ssn;
  if (full && family) return ownContacts(e) > 0 ? same.ssn : undefined;
  if (full && !isDoubtful(e.given)) return ownContacts(e) > 0 || e.address === "same" ? same.ssnNewName : undefined;
  if (family && (e.given === "middle" || e.given === "initial")) return ownContacts(e) > 0 ? same.ssn : undefined;
  return family && e.given === "missing" && (e.address === "same" || e.dob === "slip") ? same.ssn : undefined;
};

const sameByDob = (e: Evidence, full: boolean, family: boolean): Ruling | undefined => {
  if (e.gender === "conflict" && e.given !== "exact") return undefined;
  const needed = e.isOneConnection ? 2 : 1;
  if (full && family) {
    if (e.ssn === "four") return same.four;
    if ((isDoubtful(e.given) || e.middle === "conflict") && !isOwnEmail(e)) return undefined;
    if (supports(e) >= needed) return same.dob;
    return e.isRareName && !e.isNewYear && !e.isOneConnection && e.middle !== "conflict" && e.gender !== "conflict"
      ? same.rareName
      : undefined;
  }
  if (full && !isDoubtful(e.given)) return ownContacts(e) > 0 ? same.dobNewName : undefined;
  if (!family) return undefined;
  if (e.given === "initial") return isOwnEmail(e) ? same.dobInitial : undefined;
  return e.given === "middle" && ownContacts(e) > 0 && supports(e) >= needed ? same.dobMiddle : undefined;
};
