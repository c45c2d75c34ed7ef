import { type Explanation, inFiles } from "./explanation.ts";

/** Why mutants of rosters and of their bucket survive. */
export const rosterExplanations: readonly Explanation[] = [
  ...inFiles("One round more, of nothing", {
    "employee-pages.ts": ["from < count → from <= count", "from < groups.length → from <= groups.length"],
    "read-pages.ts": ["from < wanted.length → from <= wanted.length"],
    "roster-eraser.ts": ["from < erased.length → from <= erased.length"],
    "erase-pages.ts": ["from < names.length → from <= names.length"],
  }),
  {
    reason: "What is waited for beside the writes is there already",
    file: "employee-pages.ts",
    mutants: ['[] → ["Stryker was here"]'],
  },
  {
    reason: "Who is in the order is in the reconciliation, and a page has a first: the compiler does not know it",
    file: "employee-pages.ts",
    mutants: ["employee === undefined → false", "own[0]?.key → own[0].key"],
  },
  {
    reason: "Each object of ids is there from the start: this is for one that would not be, which the compiler sees",
    file: "employee-pages.ts",
    mutants: ["ids.set(name, group); → ;"],
  },
  {
    reason: "Unfiltered, each who is looked at is listed: the limit on these ends the page before",
    file: "find-employees.ts",
    mutants: ["isFiltered || query.email !== undefined → true"],
  },
  {
    reason: "Where no name is asked for the key is not looked at: this spares making it",
    file: "find-employees.ts",
    mutants: ["prefix === undefined → false", '"" → "Stryker was here!"'],
  },
  {
    reason: "No text is less than one that is not there",
    file: "find-employees.ts",
    mutants: ["prefix !== undefined → true"],
  },
  {
    reason: "An index has each of its pages: the compiler does not know it",
    file: "find-employees.ts",
    mutants: [
      "index.pages[middle]?.first → index.pages[middle].first",
      "index.pages[page]?.connections → index.pages[page].connections",
      "false → true",
    ],
  },
  {
    reason:
      "Nothing is before any time, as null is, and of those who wait each has a time: the compiler does not know it",
    file: "roster/read-connection.ts",
    mutants: ["until === null → false", "until?.getTime → until.getTime"],
  },
  {
    reason: "A lease that is not there ends after no moment, as null does",
    file: "roster-eraser.ts",
    mutants: ["until !== null → true"],
  },
  {
    reason: "What stands for a roster that is absent is the id of none",
    file: "roster-store.ts",
    mutants: ['"" → "Stryker was here!"'],
  },
  {
    reason: "Nothing is more than a count that is not there",
    file: "roster/read-step.ts",
    mutants: ["count !== undefined → true"],
  },
  {
    reason: "JSON leaves out what is undefined",
    file: "roster/read-step.ts",
    mutants: ["ssnMark !== undefined → true"],
  },
  {
    reason: "Each match has its group, and no match has no word either: the compiler does not know the first",
    file: "s3/bucket.ts",
    mutants: ['"" → "Stryker was here!"', '[] → ["Stryker was here"]'],
  },
  {
    reason: "The socket's limit is the same, and ends the request where this would warn",
    file: "s3/bucket.ts",
    mutants: ["true → false"],
  },
  {
    reason: "The SDK's request takes no port for 0, and no method for GET",
    file: "s3/bucket.ts",
    mutants: ['port !== "" → true', '"GET" → ""'],
  },
  {
    reason: "A tag is cut from where 16 bytes are; a shorter one has nothing behind it, which is no gzip",
    file: "page-vault.ts",
    mutants: ["{ authTagLength: tagBytes, } → {}"],
  },
  {
    reason: "What was split has a first part: the compiler does not know it",
    file: "page-vault.ts",
    mutants: ['"" → "Stryker was here!"'],
  },
];
