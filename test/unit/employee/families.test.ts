/** Made-up families: who must be kept apart, and who must be found. It is long because each case is spelt out. */
import { describe, expect, it } from "vitest";
import { reconcile } from "#shared/employee/reconcile.ts";
import type { EmployeeRecord } from "#shared/employee/record.ts";
import { aRecord, contacts } from "../../support/people.ts";

const home = {
  line1: "12 Oak Street",
  line2: "Apt 4",
  city: "Austin",
  state: "TX",
  postal_code: "78701",
  country: "US",
};
const counted = (...records: readonly EmployeeRecord[]) => reconcile(records).counts.employees;

const jane = { first_name: "Jane", last_name: "Abernathy", dob: "1980-05-17", connection: "a" };

describe("different people are kept apart", () => {
  const pairs: Readonly<Record<string, readonly [EmployeeRecord, EmployeeRecord]>> = {
    "twins at one address, with SSNs in a row": [
      aRecord({ ...jane, residence: home, ssn: "549-30-9657", phone_numbers: contacts("512 555 1234") }),
      aRecord({
        ...jane,
        first_name: "Joan",
        connection: "b",
        residence: home,
        ssn: "549-30-9659",
        phone_numbers: contacts("512 555 1234"),
      }),
    ],
    "twins of one stem": [
      aRecord({ ...jane, first_name: "Maria", residence: home, phone_numbers: contacts("512 555 1234") }),
      aRecord({
        ...jane,
        first_name: "Mary",
        connection: "b",
        residence: home,
        phone_numbers: contacts("512 555 1234"),
      }),
    ],
    "twins with two first names": [
      aRecord({ ...jane, first_name: "María Teresa", residence: home, ssn: "618-37-6359" }),
      aRecord({
        ...jane,
        first_name: "Maria",
        middle_name: "Anabel",
        connection: "b",
        residence: home,
        ssn: "618-37-6361",
      }),
    ],
    "a twin whose initial only is known": [
      aRecord({ ...jane, first_name: "J.", residence: home, phone_numbers: contacts("512 555 1234") }),
      aRecord({
        ...jane,
        first_name: "Joan",
        connection: "b",
        residence: home,
        phone_numbers: contacts("512 555 1234"),
      }),
    ],
    "father and son at one address": [
      aRecord({
        ...jane,
        first_name: "Paul",
        dob: "1955-02-03",
        residence: home,
        emails: contacts("abernathys@yahoo.com"),
      }),
      aRecord({
        ...jane,
        first_name: "Paul",
        dob: "1984-02-03",
        connection: "b",
        residence: home,
        emails: contacts("abernathys@yahoo.com"),
      }),
    ],
    "junior and senior": [
      aRecord({
        ...jane,
        first_name: "Paul",
        last_name: "Abernathy, Sr.",
        residence: home,
        emails: contacts("p@yahoo.com"),
      }),
      aRecord({
        ...jane,
        first_name: "Paul",
        last_name: "Abernathy Jr",
        dob: null,
        connection: "b",
        residence: home,
        emails: contacts("p@yahoo.com"),
      }),
    ],
    "father and son of whom one's date of birth is not known": [
      aRecord({ ...jane, first_name: "Paul", residence: home, phone_numbers: contacts("512 555 1234") }),
      aRecord({
        ...jane,
        first_name: "Paul",
        dob: null,
        ssn: "216-44-1093",
        connection: "b",
        residence: home,
        phone_numbers: contacts("512 555 1234"),
      }),
    ],
    "a couple with one e-mail address": [
      aRecord({ ...jane, dob: null, residence: home, emails: contacts("abernathys@yahoo.com") }),
      aRecord({
        ...jane,
        first_name: "Keith",
        dob: null,
        connection: "b",
        residence: home,
        emails: contacts("abernathys@yahoo.com"),
      }),
    ],
    "a couple of whom one was given the other's SSN": [
      aRecord({ ...jane, residence: home, ssn: "216-44-1093" }),
      aRecord({
        ...jane,
        first_name: "Keith",
        dob: "1979-09-02",
        connection: "b",
        residence: home,
        ssn: "216-44-1093",
      }),
    ],
    "two people of one common name, born on one day": [
      aRecord({ ...jane, first_name: "Sandra", last_name: "Rogers" }),
      aRecord({ ...jane, first_name: "Sandra", last_name: "Rogers", connection: "b" }),
    ],
    "two strangers with a placeholder for SSN, date of birth and e-mail": [
      aRecord({ ...jane, dob: "1900-01-01", ssn: "123-45-6789", emails: contacts("noreply@acme.com") }),
      aRecord({
        ...jane,
        dob: "1900-01-01",
        ssn: "123-45-6789",
        emails: contacts("noreply@acme.com"),
        connection: "b",
      }),
    ],
  };

  it.each(Object.entries(pairs))("%s", (_, pair) => {
    expect(counted(...pair)).toBe(2);
    expect(counted(...pair.toReversed())).toBe(2);
  });
});

describe("one person is found", () => {
  const pairs: Readonly<Record<string, readonly [EmployeeRecord, EmployeeRecord]>> = {
    "by SSN, with another spelling of all else": [
      aRecord({ ...jane, first_name: "Zoë", last_name: "Müller", ssn: "216-44-1093" }),
      aRecord({ first_name: "ZOE ", last_name: "muller\u200b", ssn: "216441093", connection: "b" }),
    ],
    "by a masked SSN with the date of birth and the name": [
      aRecord({ ...jane, ssn: "216-44-1093" }),
      aRecord({ ...jane, ssn: "***-**-1093", connection: "b" }),
    ],
    "by SSN after a marriage": [
      aRecord({ ...jane, ssn: "216-44-1093" }),
      aRecord({ ...jane, last_name: "Quillfeather", ssn: "216-44-1093", connection: "b" }),
    ],
    "by nickname, date of birth and e-mail": [
      aRecord({ ...jane, first_name: "William", emails: contacts("w.abernathy+work@gmail.com") }),
      aRecord({ ...jane, first_name: "Bill", emails: contacts("wabernathy@gmail.com"), connection: "b" }),
    ],
    "by a compound name that was cut": [
      aRecord({ ...jane, last_name: "Sisneros-Alvarado", residence: home }),
      aRecord({
        ...jane,
        last_name: "Sisneros",
        residence: { ...home, line1: "12 Oak St.", line2: "#4" },
        connection: "b",
      }),
    ],
    "by names that changed places": [
      aRecord({ ...jane, ssn: "216-44-1093" }),
      aRecord({ ...jane, first_name: "Abernathy", last_name: "Jane", ssn: "216-44-1093", connection: "b" }),
    ],
    "by a full name that is in one field": [
      aRecord({ ...jane, ssn: "216-44-1093" }),
      aRecord({ first_name: null, last_name: "Abernathy, Jane", ssn: "216-44-1093", connection: "b" }),
    ],
    "by a date of birth with day and month exchanged, and an e-mail address": [
      aRecord({ ...jane, dob: "1980-05-07", emails: contacts("jane.abernathy@yahoo.com") }),
      aRecord({ ...jane, dob: "1980-07-05", emails: contacts("jane.abernathy@yahoo.com"), connection: "b" }),
    ],
    "by an SSN with two digits exchanged": [
      aRecord({ ...jane, ssn: "216-44-1093" }),
      aRecord({ ...jane, ssn: "261-44-1093", connection: "b" }),
    ],
    "in Cyrillic letters": [
      aRecord({ ...jane, first_name: "Иван", last_name: "Петров", ssn: "216-44-1093" }),
      aRecord({ ...jane, first_name: "Ivan", last_name: "Petrov", ssn: "216-44-1093", connection: "b" }),
    ],
    "twice at one connection": [aRecord({ ...jane, ssn: "216-44-1093" }), aRecord({ ...jane, ssn: "216-44-1093" })],
  };

  it.each(Object.entries(pairs))("%s", (_, pair) => {
    expect(counted(...pair)).toBe(1);
    expect(counted(...pair.toReversed())).toBe(1);
  });
});

it("learns a placeholder from how many people have it", () => {
  const everybody = Array.from({ length: 4 }, (_, at) =>
    aRecord({
      first_name: ["Anna", "Bruno", "Chidi", "Dora"][at] ?? null,
      last_name: `Fam${"abcd"[at]}ily`,
      emails: contacts("frontdesk@acme.com"),
    }),
  );
  const [anna] = everybody;
  const again = aRecord({
    first_name: "Anna",
    last_name: "Famaily",
    emails: contacts("frontdesk@acme.com"),
    connection: "b",
    residence: home,
  });
  expect(counted(...everybody, again)).toBe(5);
  expect(anna).toBeDefined();
});

it("a record that Finch could not read is an employee of its own, and harms none", () => {
  const unread = { connection_id: "b", individual_id: "gone", individual: null, employment: null };
  expect(counted(aRecord(jane), unread)).toBe(2);
});
