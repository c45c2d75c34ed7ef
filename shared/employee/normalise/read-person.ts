import { type KeyNumbers, keyKind as kind } from "../block/key-numbers.ts";
import { blockingKeys } from "../block/keys.ts";
import { Draft } from "../lists.ts";
import type { Contact, EmployeeRecord } from "../record.ts";
import { createAddressParser, type ParsedAddress } from "./address.ts";
import { EmailReader, parsePhone } from "./contact.ts";
import { parseDate } from "./date.ts";
import { fold } from "./fold.ts";
import { createNameParser, type ParsedName } from "./name.ts";
import type { Person } from "./person.ts";
import { remember } from "./remember.ts";
import { keysOfMark } from "./ssn-mark.ts";
import type { Vocabulary } from "./vocabulary.ts";

const noEmails = { emails: 0, workEmails: 0, mailboxes: 0 };

/** Makes people of an individual's records. It remembers names and titles that it has read, since they repeat. */
export const createPersonReader = (words: Vocabulary, keys: KeyNumbers) => {
  const { lists } = words;
  const parseName = createNameParser(words);
  const nameOf = (record: EmployeeRecord): ParsedName => {
    const own = record.individual;
    const fields = own?.first_name || own?.last_name ? own : (record.employment ?? own ?? {});
    return parseName({
      first_name: fields.first_name,
      middle_name: fields.middle_name,
      last_name: fields.last_name,
      preferred_name: own?.preferred_name,
    });
  };
  const parseAddress = createAddressParser(words);
  const titleOf = remember((title) => words.idOf(fold(title).trim()));
  const email = new EmailReader();
  const [emails, workEmails, mailboxes, phones] = [new Draft(), new Draft(), new Draft(), new Draft()];
  const readEmails = (contacts: readonly Contact[] | null | undefined) => {
    if (!contacts || contacts.length === 0) return noEmails;
    for (const draft of [emails, workEmails, mailboxes]) draft.clear();
    for (const { data, type } of contacts) {
      if (!email.read(data)) continue;
      const { local, domain, letters } = email;
      const name = words.idOfSigns(local.signs, 0, local.length);
      const key = keys.of(kind.email, words.idOfSigns(domain.signs, 0, domain.length), name);
      if (emails.has(key)) continue;
      emails.push(key);
      if (type === "work") workEmails.push(key);
      mailboxes.push(letters.length === local.length ? name : words.idOfSigns(letters.signs, 0, letters.length));
    }
    return { emails: lists.add(emails), workEmails: lists.add(workEmails), mailboxes: lists.add(mailboxes) };
  };
  const readPhones = (contacts: readonly Contact[] | null | undefined): number => {
    if (!contacts || contacts.length === 0) return 0;
    phones.clear();
    for (const { data } of contacts) {
      const parsed = parsePhone(data);
      const key = parsed ? keys.of(kind.phone, parsed.length, parsed.number) : 0;
      if (key !== 0 && !phones.has(key)) phones.push(key);
    }
    return lists.add(phones);
  };

  return (identity: string, records: readonly [EmployeeRecord, ...EmployeeRecord[]]): Person => {
    const [record] = records;
    const { individual, employment } = record;
    const name = nameOf(record);
    const dob = parseDate(individual?.dob);
    const mark = record.ssn_mark ?? "";
    const { ssnKey, lastFour } = keysOfMark(mark, keys);
    const mail = readEmails(individual?.emails);
    const address = parseAddress(individual?.residence);
    const person: Omit<Person, "keys"> & { keys: Person["keys"] } = {
      // What most pairs are told apart by lies together, in one line of the processor's cache.
      suffix: name.suffix,
      dob,
      ssnKey,
      lastFour,
      ssnMark: mark,
      given: name.given,
      family: name.family,
      records,
      identity,
      connection: words.idOf(record.connection_id),
      first: name.first,
      isInitial: name.isInitial,
      middles: name.middles,
      preferred: name.preferred,
      familyParts: name.familyParts,
      gender: genderOf(individual?.gender),
      emails: mail.emails,
      workEmails: mail.workEmails,
      mailboxes: mail.mailboxes,
      phones: readPhones(individual?.phone_numbers),
      title: employment?.title ? titleOf(employment.title) : 0,
      startDay: dayOf(employment?.start_date),
      endDay: dayOf(employment?.end_date),
      house: address.house,
      street: address.street,
      streetWords: address.streetWords,
      postalCode: address.postalCode,
      city: address.city,
      addressKey: keyOfAddress(address, keys),
      keys: 0,
    };
    person.keys = blockingKeys(person, words, keys);
    return person;
  };
};

const dayOf = (date: string | null | undefined): number => {
  const day = typeof date === "string" ? Date.parse(date.slice(0, 10)) / 86_400_000 : 0;
  return Number.isInteger(day) ? day : 0;
};

const genderOf = (gender: string | null | undefined): string => {
  const text = gender?.toLowerCase() ?? "";
  return text === "male" || text === "female" ? text : "";
};

const keyOfAddress = ({ house, street, postalCode, city }: ParsedAddress, keys: KeyNumbers): number =>
  house === 0 || street === 0 ? 0 : keys.of(kind.home, keys.of(kind.street, house, street), postalCode || city);
