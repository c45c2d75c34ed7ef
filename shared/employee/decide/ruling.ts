/** What becomes of two records. `unlike` keeps them apart, and the clusters that they are in. */
export type Outcome = "same" | "possible" | "different" | "unlike";

/** A rule that decided, for the explanation. */
export interface Ruling {
  readonly outcome: Outcome;
  readonly rule: string;
  /**
   * Whether two people may share all that the rule rests on, as namesakes or a father and a son do. It joins only where
   * nobody else is there who may be the one and cannot be the other.
   */
  readonly isWeak: boolean;
}

/** Makes a ruling. */
export const ruling = (outcome: Outcome, rule: string, isWeak = false): Ruling => ({ outcome, rule, isWeak });
const weak = (rule: string): Ruling => ruling("same", rule, true);

/** Each rule by which two are the same. */
export const same = {
  ssn: ruling("same", "the SSN and the name agree, and nothing speaks against it"),
  ssnAndDob: ruling("same", "the SSN and the date of birth agree, and one of the names"),
  ssnAndNames: ruling("same", "the SSN and the full name agree; the date of birth differs"),
  ssnNewName: ruling("same", "the SSN, the first name and a contact agree; the family name is another"),
  ssnSlip: ruling("same", "the SSN is one slip apart; date of birth and names agree"),
  ssnSlipContact: ruling("same", "the SSN is one slip apart; names and a contact agree"),
  four: ruling("same", "the SSN's last four digits, the date of birth and the names agree"),
  dob: ruling("same", "the date of birth, the names and one more field agree"),
  rareName: weak("the date of birth and a full name that hardly anybody has agree"),
  dobNewName: ruling("same", "the date of birth, the first name and a contact agree; the family name is another"),
  dobInitial: ruling("same", "the date of birth, the family name, the initial and a contact agree"),
  dobMiddle: ruling("same", "the date of birth and the family name agree, one's first name is the other's middle name"),
  dobSlip: ruling("same", "the date of birth is one slip apart; names and a contact agree"),
  dobHome: weak("the date of birth, the full name and the home agree; the SSN differs"),
  dobHomeNewName: weak("the date of birth, the first name and the home agree; family name and SSN differ"),
  email: weak("the full name and an e-mail address that nobody else has agree"),
  ssnAlone: weak("SSN and date of birth agree, the names do not"),
  ssnFamily: weak("the SSN, the family name and the home or a contact agree"),
  ssnGiven: weak("the SSN, the first name and the home agree; the family name is another"),
  ssnRow: weak("the SSN differs in its last digits only; date of birth and names agree"),
  ssnSlipHome: weak("the SSN is one slip apart; names and home agree"),
  name: weak("the date of birth and the full name agree, and nothing differs"),
  doubtful: weak("the date of birth, the family name and one more field agree; the first names are alike"),
  mailbox: weak("the date of birth and the family name agree, and one's mailbox at work has the other's first name"),
  initial: weak("the date of birth, the family name, the initial and one more field agree"),
  slipHome: weak("the date of birth is one slip apart; names and home or a contact agree"),
  phone: weak("the full name and a phone number that nobody else has agree; the home is another"),
  title: weak("the full name, the home and a title that few have agree, and nothing differs"),
  middle: weak("the full name, the middle initial and the home agree, and nothing differs"),
  job: weak("the full name and the home agree, and one job ends as the other begins"),
} as const;

/** What keeps two apart. */
export const unlike = {
  suffix: ruling("unlike", "one is junior, the other senior"),
  ssn: ruling("unlike", "the SSNs differ"),
  dob: ruling("unlike", "the dates of birth differ"),
  given: ruling("unlike", "the first names differ"),
} as const;
