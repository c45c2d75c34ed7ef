import type { KeyIndex } from "../block/key-index.ts";
import { type EmployeeRecord, identityOf } from "../record.ts";
import { type ParsedAddress, parseAddress } from "./address.ts";
import { normaliseEmail, normalisePhone } from "./contact.ts";
import { isNewYear, parseDate } from "./date.ts";
import { type ParsedName, parseName } from "./name.ts";
import { lastFourOf, wholeOf } from "./ssn-mark.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A record as it is compared. Words are numbers of the vocabulary, values that may be shared are numbers of the index; 0 is none. */
export interface Person {
  /** All records of the individual, one for each entity; the first is the one that is compared. */
  readonly records: readonly EmployeeRecord[];
  /** Its place in all orders: the same whatever the input's order. */
  readonly identity: string;
  readonly connection: number;
  readonly given: number;
  /** Whether `given` is one letter only. */
  readonly isInitial: boolean;
  readonly middles: readonly number[];
  readonly preferred: number;
  readonly family: number;
  /** The family name's words that mean something by themselves. */
  readonly familyParts: readonly number[];
  readonly suffix: string;
  /** The keys that all with the same first, and the same family name, share. */
  readonly givenKey: number;
  readonly familyKey: number;
  readonly gender: string;
  /** `yyyymmdd`. */
  readonly dob: number;
  /** The key that all with this date of birth share. */
  readonly dobKey: number;
  readonly isNewYear: boolean;
  readonly ssnMark: string;
  readonly ssnKey: number;
  readonly lastFour: number;
  readonly emails: readonly number[];
  /** Of `emails`, in their order: whether it is an employer's. */
  readonly areWork: readonly boolean[];
  /** Letters of the e-mails' local parts, which may hold a former family name. */
  readonly mailboxes: readonly string[];
  readonly phones: readonly number[];
  readonly address: ParsedAddress | undefined;
  readonly addressKey: number;
  /** Its blocks, in ascending order. */
  readonly keys: readonly number[];
}

/** Family names' particles: shared by people who have nothing else in common. */
const particles = new Set(
  "de la las los del van von der den da di do dos das du le el al bin ibn abu san st y e".split(" "),
);

/** Below it are dates; the keys of names are multiples of 2^26 above, those of blocks above 2^50. */
const nameKey = 2 ** 24;

const noNumbers: readonly number[] = [];
const noFlags: readonly boolean[] = [];
const noTexts: readonly string[] = [];

/** Makes people of an individual's records. It remembers names that it has read, since they repeat. */
export const createPersonReader = (words: Vocabulary, index: KeyIndex) => {
  const names = new Map<string, ParsedName>();
  const nameOf = (record: EmployeeRecord): ParsedName => {
    const own = record.individual;
    const fields = own?.first_name || own?.last_name ? own : (record.employment ?? own ?? {});
    const { first_name: first, middle_name: middle, last_name: last } = fields;
    const preferred = own?.preferred_name;
    const raw = `${first ?? ""}\n${middle ?? ""}\n${last ?? ""}\n${preferred ?? ""}`;
    const known = names.get(raw);
    if (known) return known;
    const parsed = parseName({ first_name: first, middle_name: middle, last_name: last, preferred_name: preferred });
    names.set(raw, parsed);
    return parsed;
  };

  return (records: readonly [EmployeeRecord, ...EmployeeRecord[]]): Omit<Person, "keys"> => {
    const [record] = records;
    const { individual } = record;
    const name = nameOf(record);
    const [first = ""] = name.given;
    const dob = parseDate(individual?.dob);
    const mark = record.ssn_mark ?? "";
    const whole = wholeOf(mark);
    const mail = readEmails(record, index);
    const address = parseAddress(individual?.residence);
    const middles = name.given.length > 1 ? name.given.slice(1).map((word) => words.idOf(word)) : noNumbers;
    return {
      records,
      identity: identityOf(record),
      connection: words.idOf(record.connection_id),
      given: words.idOf(first),
      isInitial: first.length === 1,
      middles,
      preferred: words.idOf(name.preferred),
      family: words.idOf(name.family.join("")),
      familyParts:
        name.family.length > 1
          ? name.family.filter((word) => word.length > 2 && !particles.has(word)).map((word) => words.idOf(word))
          : noNumbers,
      suffix: name.suffix,
      givenKey: index.ofNumber(nameKey * 2 + 2 ** 26 * words.idOf(first)),
      familyKey: index.ofNumber(nameKey * 2 + 1 + 2 ** 26 * words.idOf(name.family.join(""))),
      gender: genderOf(individual?.gender),
      dob,
      dobKey: dob === 0 ? 0 : index.ofNumber(dob),
      isNewYear: dob !== 0 && isNewYear(dob),
      ssnMark: mark,
      ssnKey: whole === "" ? 0 : index.ofText(`s${whole}`),
      lastFour: mark === "" ? 0 : words.idOf(`#${lastFourOf(mark)}`),
      ...mail,
      phones: readPhones(record, index),
      address,
      addressKey:
        address && address.house !== "" && address.street !== ""
          ? index.ofText(`a${address.house} ${address.street} ${address.postalCode || address.city}`)
          : 0,
    };
  };
};

const genderOf = (gender: string | null | undefined): string => {
  const text = gender?.toLowerCase() ?? "";
  return text === "male" || text === "female" ? text : "";
};

const readEmails = ({ individual }: EmployeeRecord, index: KeyIndex) => {
  const contacts = individual?.emails;
  if (!contacts || contacts.length === 0) return { emails: noNumbers, areWork: noFlags, mailboxes: noTexts };
  const [emails, areWork, mailboxes]: [number[], boolean[], string[]] = [[], [], []];
  for (const { data, type } of contacts) {
    const address = normaliseEmail(data);
    if (address === undefined) continue;
    const key = index.ofText(`e${address}`);
    if (emails.includes(key)) continue;
    emails.push(key);
    areWork.push(type === "work");
    mailboxes.push(address.slice(0, address.indexOf("@")).replaceAll(/[^a-z]/g, ""));
  }
  return { emails, areWork, mailboxes };
};

const readPhones = ({ individual }: EmployeeRecord, index: KeyIndex): readonly number[] => {
  const contacts = individual?.phone_numbers;
  if (!contacts || contacts.length === 0) return noNumbers;
  const phones: number[] = [];
  for (const { data } of contacts) {
    const number = normalisePhone(data);
    const key = number === undefined ? 0 : index.ofText(`p${number}`);
    if (key !== 0 && !phones.includes(key)) phones.push(key);
  }
  return phones;
};
