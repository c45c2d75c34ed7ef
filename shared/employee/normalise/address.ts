import { Draft } from "../lists.ts";
import type { Location } from "../record.ts";
import { fold, wordsOf } from "./fold.ts";
import { FoldedText } from "./folded-text.ts";
import { remember } from "./remember.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A home, in numbers of the vocabulary; 0 where there is none. */
export interface ParsedAddress {
  readonly house: number;
  /** The street without its type and direction, in one word. */
  readonly street: number;
  /** A list of all longer words of both lines. */
  readonly streetWords: number;
  readonly postalCode: number;
  readonly city: number;
}

/** Types of street, directions, and what introduces a flat: they are spelt too differently to compare. */
const types = new Set(
  `street st avenue av ave road rd drive dr lane ln boulevard blvd court ct place pl terrace ter terr circle cir crescent cres
  cr close way parkway pkwy highway hwy square sq trail trl n s e w ne nw se sw north south east west the`.split(/\s+/),
);
const flats = new Set("apt apartment unit suite ste flat room rm no lot bldg floor fl".split(" "));

const noAddress: ParsedAddress = { house: 0, street: 0, streetWords: 0, postalCode: 0, city: 0 };

const [zero, nine] = [48, 57];
const [isType, isFlat] = [1, 2];

/**
 * Makes a function that takes an address apart: all 0 when there is no street in it. It remembers cities and postal codes,
 * since they repeat.
 */
export const createAddressParser = (vocabulary: Vocabulary): ((home: Location | null | undefined) => ParsedAddress) => {
  const roles: number[] = [];
  for (const word of types) roles[vocabulary.idOf(word)] = isType;
  for (const word of flats) roles[vocabulary.idOf(word)] = isFlat;
  const cityOf = remember((city) => vocabulary.idOf(wordsOf(fold(city)).join("")));
  const zipOf = remember((code) => vocabulary.idOf(normalisePostalCode(code, true)));
  const codeOf = remember((code) => vocabulary.idOf(normalisePostalCode(code, false)));
  const [line, street] = [new FoldedText(), new FoldedText()];
  const words = new Draft();

  /** Calls back with a line's words, without those that introduce a flat and what follows each. */
  const readLine = (text: string, visit: (id: number, start: number, end: number) => void): void => {
    const count = line.load(text.includes("#") ? text.replaceAll("#", " apt ") : text).part();
    let isSkipped = false;
    for (let word = 0; word < count; word += 1) {
      const [start = 0, end = 0] = [line.starts[word], line.ends[word]];
      const id = vocabulary.idOfSigns(line.signs, start, end);
      if (isSkipped) isSkipped = false;
      else if (roles[id] === isFlat) isSkipped = true;
      else visit(id, start, end);
    }
  };

  /** The number of a house, without the zeros that it begins with; 0 when the word is none. */
  const houseOf = (start: number, end: number): number => {
    const { signs } = line;
    const first = signs[start] ?? 0;
    if (first < zero || first > nine) return 0;
    let from = start;
    while (from < end && signs[from] === zero) from += 1;
    return vocabulary.idOfSigns(signs, from, end);
  };

  return (home) => {
    if (typeof home?.line1 !== "string") return noAddress;
    const { line1, line2, city, postal_code: code, country } = home;
    street.clear();
    words.clear();
    let house = 0;
    readLine(line1, (id, start, end) => {
      if (house === 0 && street.length === 0) {
        house = houseOf(start, end);
        if (house !== 0) return;
      }
      if (roles[id] === isType) return;
      street.append(line, start, end);
      if (end - start > 3) words.push(id);
    });
    if (line2) {
      readLine(line2, (id, start, end) => {
        if (end - start > 3 && roles[id] !== isType) words.push(id);
      });
    }
    if (house === 0 && street.length === 0) return noAddress;
    const isAmerican = country === null || country === undefined || country.toUpperCase() === "US";
    return {
      house,
      street: vocabulary.idOfSigns(street.signs, 0, street.length),
      streetWords: vocabulary.lists.add(words),
      postalCode: code ? (isAmerican ? zipOf(code) : codeOf(code)) : 0,
      city: city ? cityOf(city) : 0,
    };
  };
};

/** ZIP codes lose their zeros in spreadsheets, and may have four digits more. */
const normalisePostalCode = (code: string, isAmerican: boolean): string => {
  const text = fold(code).replaceAll(/[^a-z0-9]/g, "");
  if (text === "" || !isAmerican) return text;
  return /^\d+$/.test(text) ? (text.length > 5 ? text.padStart(9, "0").slice(0, 5) : text.padStart(5, "0")) : text;
};
