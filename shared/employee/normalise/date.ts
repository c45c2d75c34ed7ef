/** Dates of birth as numbers, `yyyymmdd`; 0 is none. */

/** What systems put where a date is not known: epochs of Unix, Excel and SQL Server, and all the same digit. */
const placeholders = new Set([
  18991230, 18991231, 19000101, 19000102, 19010101, 19011213, 19700101, 19691231, 17530101, 11111111, 19111111,
  20000101, 22222222, 99991231,
]);

const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads `YYYY-MM-DD`, perhaps with a time behind it. A date that no calendar has, or that stands for none, is 0. */
export const parseDate = (text: string | null | undefined): number => {
  if (typeof text !== "string" || text.length < 10) return 0;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  const days = daysIn[month - 1];
  if (days === undefined || !(day >= 1 && day <= days) || !(year >= 1880 && year <= 2100)) return 0;
  const date = year * 10_000 + month * 100 + day;
  return placeholders.has(date) ? 0 : date;
};

/** Whether a date is one that people are registered with when only the year is known. */
export const isNewYear = (date: number): boolean => date % 10_000 === 101;

/** A date's place among all from 1880 on, where each month has room for 31 days. */
export const placeOf = (date: number): number => {
  const [year, month, day] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100];
  return ((year - 1880) * 12 + month - 1) * 31 + day;
};

/**
 * Whether two different dates are one slip apart: one digit, two neighbours that changed places, or day and month exchanged.
 * These are the errors of key entry that Damerau counted (CACM 7(3), 1964), and what a form of the other order makes.
 */
export const isDateSlip = (one: number, other: number): boolean => {
  let [a, b] = [one, other];
  while (a !== b && a % 10 === b % 10) [a, b] = [Math.floor(a / 10), Math.floor(b / 10)];
  // The last digits differ now. What is before them:
  const [before, beside] = [Math.floor(a / 10), Math.floor(b / 10)];
  if (before === beside) return true;
  if (Math.floor(a / 100) === Math.floor(b / 100) && a % 10 === beside % 10 && b % 10 === before % 10) return true;
  const [year, month, day] = [Math.floor(one / 10_000), Math.floor(one / 100) % 100, one % 100];
  return other === year * 10_000 + day * 100 + month;
};
