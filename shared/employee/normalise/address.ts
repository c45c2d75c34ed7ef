import type { Location } from "../record.ts";
import { fold, wordsOf } from "./fold.ts";

/** A home, folded. */
export interface ParsedAddress {
  /** The house's number; empty when there is none. */
  readonly house: string;
  /** The street without its type and direction, in one word; empty when there is none. */
  readonly street: string;
  /** All longer words of both lines. */
  readonly words: readonly string[];
  readonly postalCode: string;
  readonly city: string;
}

/** Types of street, directions, and what introduces a flat: they are spelt too differently to compare. */
const types = new Set(
  `street st avenue av ave road rd drive dr lane ln boulevard blvd court ct place pl terrace ter terr circle cir crescent cres
  cr close way parkway pkwy highway hwy square sq trail trl n s e w ne nw se sw north south east west the`.split(/\s+/),
);
const flats = new Set("apt apartment unit suite ste flat room rm no lot bldg floor fl".split(" "));

/** Takes an address apart; undefined when there is no street in it. */
export const parseAddress = (home: Location | null | undefined): ParsedAddress | undefined => {
  if (!home || typeof home.line1 !== "string") return undefined;
  let house = "";
  const street: string[] = [];
  const words: string[] = [];
  const read = (line: string, isFirst: boolean): void => {
    let skip = false;
    for (const word of wordsOf(fold(line.replaceAll("#", " apt ")))) {
      if (skip) skip = false;
      else if (flats.has(word)) skip = true;
      else if (isFirst && house === "" && street.length === 0 && /^\d/.test(word)) house = word.replace(/^0+/, "");
      else if (!types.has(word)) {
        if (isFirst) street.push(word);
        if (word.length > 3) words.push(word);
      }
    }
  };
  read(home.line1, true);
  if (typeof home.line2 === "string") read(home.line2, false);
  if (house === "" && street.length === 0) return undefined;
  return {
    ...{ house, street: street.join(""), words },
    postalCode: normalisePostalCode(home.postal_code, home.country),
    city: wordsOf(fold(home.city ?? "")).join(""),
  };
};

/** ZIP codes lose their zeros in spreadsheets, and may have four digits more. */
const normalisePostalCode = (code: string | null | undefined, country: string | null | undefined): string => {
  const text = fold(code ?? "").replaceAll(/[^a-z0-9]/g, "");
  if (text === "" || (country !== null && country !== undefined && country.toUpperCase() !== "US")) return text;
  return /^\d+$/.test(text) ? (text.length > 5 ? text.padStart(9, "0").slice(0, 5) : text.padStart(5, "0")) : text;
};
