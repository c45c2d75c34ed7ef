/** What of two records agrees, in the terms of the rules. */
import type { Evidence, Facts } from "../compare/evidence.ts";

/** Whether both have one first name and one family name, which are not merely alike. */
export const hasFullName = (e: Evidence): boolean => isFull(e) && isFamily(e) && !isDoubtful(e.given);

/** Whether first names are one, or places of the names exchanged. */
export const isFull = ({ given, isSwapped }: Evidence): boolean =>
  given === "exact" || given === "nickname" || given === "typo" || isSwapped || isDoubtful(given);

/** Names that two people of one family may have: alike, and not one the short form of the other. */
export const isDoubtful = (given: Evidence["given"]): boolean => given === "variant" || given === "misspelt";

/** Whether both names are spelt alike. */
export const isExactName = ({ given, family }: Evidence): boolean => given === "exact" && family === "exact";

/** Whether family names are one, or have a word in common. */
export const isFamily = ({ family, isSwapped }: Evidence): boolean =>
  family === "exact" || family === "part" || family === "misspelt" || isSwapped;

/** Whether an e-mail address agrees that only one person has. */
export const isOwnEmail = (e: Evidence): boolean => e.email !== 0 && e.emailSpread === 1;
/** Whether a phone number agrees that only one person has. */
export const isOwnPhone = (e: Evidence): boolean => e.phone !== 0 && e.phoneSpread === 1;

/** Contacts that only one person has. */
export const ownContacts = (e: Evidence): number => (isOwnEmail(e) ? 1 : 0) + (isOwnPhone(e) ? 1 : 0);

/** What agrees beside SSN, date of birth and name. */
export const supports = (e: Evidence): number =>
  (e.email !== 0 && e.emailSpread < 3 ? 1 : 0) +
  (e.phone !== 0 && e.phoneSpread < 3 ? 1 : 0) +
  (e.address === "same" || (e.address === "near" && e.given === "exact" && e.family === "exact") ? 1 : 0) +
  (e.middle === "exact" || e.middle === "initial" ? 1 : 0);

/** The SSN is one person's; a slip that is not as twins' numbers differ is as good beside the same date of birth. */
export const isOwnSsn = ({ ssn, ssnSpread, dob }: Facts): boolean =>
  (ssn === "same" && ssnSpread === 1) || (ssn === "slip" && dob === "same");

/** Whether something agrees that twins do not share: a home and a phone number they may. */
export const isTwinProof = (e: Evidence): boolean =>
  !e.isOneConnection &&
  e.gender !== "conflict" &&
  (isOwnEmail(e) ||
    (e.isMailboxNamed && e.differences < 2) ||
    e.middle === "exact" ||
    e.middle === "initial" ||
    e.job === "handover");
