/** What made-up people are called and do. Some names are long, short, accented or of several words, as people's are. */

type Words = readonly [string, ...string[]];

/** First names with what friends say; of women, of men, of both. */
export const firstNames: Readonly<Record<"female" | "male" | "other", readonly [Words, ...Words[]]>> = {
  female: [
    ["Elizabeth", "Liz"],
    ["Katherine", "Kate"],
    ["Margaret", "Meg"],
    ["Jennifer", "Jen"],
    ["Patricia", "Pat"],
    ["Susannah", "Sue"],
    ["Zoë"],
    ["María José", "Majo"],
    ["Nguyệt"],
    ["Aaliyah"],
    ["Renée"],
    ["Mary Ann", "Mary"],
    ["Yuki"],
    ["Priya"],
    ["Siobhán"],
    ["Deborah", "Deb"],
    ["Victoria", "Vicky"],
    ["Li"],
  ],
  male: [
    ["William", "Bill"],
    ["Robert", "Bob"],
    ["Michael", "Mike"],
    ["Christopher", "Chris"],
    ["Anthony", "Tony"],
    ["Jonathan", "Jon"],
    ["José"],
    ["Łukasz"],
    ["Björn"],
    ["Jean-Luc"],
    ["Mohammed"],
    ["Hiroshi"],
    ["Kwame"],
    ["Edward", "Ted"],
    ["Thomas", "Tom"],
    ["Benjamin", "Ben"],
    ["D'Angelo"],
    ["Bo"],
  ],
  other: [["Alexandria", "Alex"], ["Samantha", "Sam"], ["Robin"], ["Jordan"], ["Avery"], ["Charlie"]],
};

/** Family names. */
export const lastNames: Words = [
  "Smith",
  "Johnson",
  "Williams",
  "Brown",
  "García",
  "Martínez",
  "O'Brien",
  "McDonald",
  "van der Berg",
  "de la Cruz",
  "Müller",
  "Nguyen",
  "Kim",
  "Patel",
  "Smith-Jones",
  "Østergaard",
  "Kowalski",
  "Dvořák",
  "Okonkwo",
  "Tanaka",
  "Haddad",
  "Rossi",
  "Lefèvre",
  "Andersson",
  "Ng",
  "Washington",
  "Fitzgerald",
  "Papadopoulos",
  "Ivanova",
  "Silva",
  "Thompson",
  "Hernández",
];

/** Streets of homes. */
export const streets: Words = [
  "Oak Street",
  "Maple Avenue",
  "Second Street",
  "Hill Road",
  "Lake Drive",
  "Mission Street",
];

/** Cities with their state and the beginning of their postal codes. */
export const cities: readonly [Words, ...Words[]] = [
  ["San Francisco", "CA", "941"],
  ["Austin", "TX", "787"],
  ["Brooklyn", "NY", "112"],
  ["Denver", "CO", "802"],
  ["Seattle", "WA", "981"],
  ["Chicago", "IL", "606"],
];

/** Departments, each with some of its titles. */
export const departments: readonly [Words, ...Words[]] = [
  ["Engineering", "Software Engineer", "Staff Engineer", "Test Engineer"],
  ["Sales", "Account Executive", "Sales Associate"],
  ["Operations", "Operations Manager", "Dispatcher", "Warehouse Associate"],
  ["Finance", "Accountant", "Controller"],
  ["People", "Recruiter", "HR Generalist"],
  ["Support", "Support Agent", "Support Lead"],
];
