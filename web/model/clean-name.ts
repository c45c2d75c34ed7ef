/**
 * A name that somebody else chose, fit to be shown: without control and direction characters, at most three combining
 * marks in a row, at most 300 characters.
 */
export const cleanName = (name: string): string =>
  [
    ...name
      .replace(/[\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, "")
      .replace(/(\p{M}{3})\p{M}+/gu, "$1")
      .trim(),
  ]
    .slice(0, 300)
    .join("");
