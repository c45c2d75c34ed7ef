import type { Evidence } from "../compare/evidence.ts";
import {
  isDoubtful,
  isExactName,
  isFamily,
  isFull,
  isOwnEmail,
  isOwnPhone,
  isOwnSsn,
  isTwinProof,
  ownContacts,
  supports,
} from "./agreement.ts";
import { type Ruling, same } from "./ruling.ts";

/** The rule by which two are the same, if there is one. */
export const sameBy = (e: Evidence): Ruling | undefined => {
  const [full, family] = [isFull(e), isFamily(e)];
  if (e.ssn === "same" && e.ssnSpread < 3) return sameBySsn(e, full, family);
  if (e.ssn === "slip" && e.dob === "same") return sameBySsn(e, full, family) && same.ssnSlip;
  if (e.ssn === "slip" || e.ssn === "row") return sameBySlip(e, full && family);
  if (e.ssn === "conflict") return sameByDobAgainstSsn(e, family);
  if (e.dob === "same") return sameByDob(e, full, family);
  if (!full || !family || isDoubtful(e.given) || e.suffix === "one" || e.middle === "conflict") return undefined;
  if (e.gender === "conflict" || e.isOneConnection) return undefined;
  if (e.dob === "slip") {
    if (isOwnEmail(e) || (isOwnPhone(e) && e.address === "same")) return same.dobSlip;
    return isOwnPhone(e) || e.address === "same" ? same.slipHome : undefined;
  }
  return sameByName(e);
};

/** Neither SSN nor date of birth is known of both. Father and son may share everything else. */
const sameByName = (e: Evidence): Ruling | undefined => {
  // Addresses made of a common name, and an employer's, are given to others later. Father and son may work at one place.
  const isCertain = isOwnPhone(e) || e.address === "same" || e.middle === "exact";
  if (isOwnEmail(e) && (isCertain || !e.isWorkEmail)) return same.email;
  if (isOwnPhone(e) && e.address === "different" && e.differences === 1) return same.phone;
  if (e.address !== "same" && !isOwnPhone(e)) return undefined;
  if (e.job === "handover") return same.job;
  // Father and son of one middle name are told apart by their suffix, or by nothing.
  if (e.middle === "initial" && e.address === "same" && e.differences === 0) return same.middle;
  return e.job === "title" && e.address === "same" && e.differences === 0 ? same.title : undefined;
};

const sameByDobAgainstSsn = (e: Evidence, family: boolean): Ruling | undefined => {
  if (e.dob !== "same" || e.middle === "conflict" || e.gender === "conflict") return undefined;
  if (e.given !== "exact" && !e.isSwapped && e.given !== "typo") return undefined;
  // Namesakes may live in streets of one name.
  const isHome = e.address === "same" || (e.address === "near" && (e.rarity > 1 || !isExactName(e)));
  if (family && isHome) return same.dobHome;
  return e.given === "exact" && e.address === "same" ? same.dobHomeNewName : undefined;
};

const sameBySlip = (e: Evidence, names: boolean): Ruling | undefined => {
  if (!names || isDoubtful(e.given) || e.middle === "conflict" || e.gender === "conflict") return undefined;
  // Twins have numbers in a row, and sometimes names of one stem.
  const isTold = ownContacts(e) > 0 || e.middle === "exact" || e.middle === "initial";
  if (e.dob === "same" && (isTold || e.ssn === "slip" || e.isSwapped)) return same.ssnSlip;
  if (e.dob === "same") return e.isSameFirst ? same.ssnRow : undefined;
  if (e.dob === "conflict" || e.suffix === "one") return undefined;
  if (ownContacts(e) > 0) return same.ssnSlipContact;
  if (e.ssn === "row" && !e.isSameFirst) return undefined;
  return e.address === "same" || e.address === "near" || e.dob === "slip" ? same.ssnSlipHome : undefined;
};

const sameBySsn = (e: Evidence, full: boolean, family: boolean): Ruling | undefined => {
  const isHome = e.address === "same" || e.address === "near";
  if (e.dob === "conflict") {
    if (full && (family || (e.given === "exact" && e.address === "same"))) return same.ssnAndNames;
    return e.given === "missing" && family && isHome && isOwnSsn(e) ? same.ssnFamily : undefined;
  }
  if (e.dob === "same") {
    if (full || (family && e.given !== "conflict")) return same.ssnAndDob;
    if (!isOwnSsn(e) || e.gender === "conflict") return undefined;
    // Twins whose SSNs were confused look like one who goes by another name.
    if (family && !e.isOneConnection) return same.ssnAndDob;
    return e.given !== "conflict" || isHome ? same.ssnAndDob : same.ssnAlone;
  }
  if (e.gender === "conflict") return undefined;
  if (full && family && !isDoubtful(e.given)) return same.ssn;
  if (full && family && e.gender !== "same" && !e.isMailboxNamed) return undefined;
  if (full && !isDoubtful(e.given) && (ownContacts(e) > 0 || e.address === "same")) return same.ssnNewName;
  if (full && isHome) return same.ssnGiven;
  if (!family) return undefined;
  if (full && family && e.middle !== "conflict" && e.gender === "same") return same.ssnFamily;
  const isNear = isHome || e.phone !== 0 || e.email !== 0;
  if ((e.given === "middle" || e.given === "initial") && ownContacts(e) > 0) return same.ssn;
  if (e.given === "missing" && (e.address === "same" || e.dob === "slip")) return same.ssn;
  return isNear && isOwnSsn(e) && !e.isOneConnection ? same.ssnFamily : undefined;
};

const sameByDob = (e: Evidence, full: boolean, family: boolean): Ruling | undefined => {
  if (e.gender === "conflict" && e.given !== "exact") return undefined;
  const needed = e.isOneConnection ? 2 : 1;
  if (full && family) {
    if (e.ssn === "four") return same.four;
    if (isDoubtful(e.given) || e.middle === "conflict") {
      if (isOwnEmail(e)) return same.dob;
      return isTwinProof(e) && e.middle !== "conflict" ? same.doubtful : undefined;
    }
    if (supports(e) >= needed) return same.dob;
    if (e.isNewYear || e.isOneConnection || e.gender === "conflict") return undefined;
    if (e.rarity > 1 && e.rarity > e.differences) return same.rareName;
    if (e.job === "handover" || (e.job === "title" && e.differences < 2)) return same.name;
    return e.differences === 0 && (e.rarity > 0 || !isExactName(e)) ? same.name : undefined;
  }
  if (full && !isDoubtful(e.given)) return ownContacts(e) > 0 ? same.dobNewName : undefined;
  if (!family) return undefined;
  if (e.given === "initial") {
    if (isOwnEmail(e)) return same.dobInitial;
    const isMoved = isOwnPhone(e) && e.address === "different" && e.differences === 1 && !e.isOneConnection;
    return isTwinProof(e) || isMoved ? same.initial : undefined;
  }
  if (e.given === "conflict") {
    return e.isMailboxNamed && (supports(e) > 0 || e.differences === 0) && !e.isOneConnection
      ? same.mailbox
      : undefined;
  }
  return e.given === "middle" && ownContacts(e) > 0 && supports(e) >= needed ? same.dobMiddle : undefined;
};
