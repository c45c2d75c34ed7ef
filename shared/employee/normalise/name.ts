import { fold, wordsOf } from "./fold.ts";
import { remember } from "./remember.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A name, taken apart and folded, in numbers of the vocabulary; 0 where there is none. */
export interface ParsedName {
  readonly given: number;
  /** All words of the first-name field. */
  readonly first: number;
  /** Whether `given` is one letter only. */
  readonly isInitial: boolean;
  /** A list of what follows the first name, in its order; a single letter is an initial. */
  readonly middles: number;
  readonly preferred: number;
  readonly family: number;
  /** A list of the family name's words, where it has several, that mean something by themselves. */
  readonly familyParts: number;
  /** `jr`, `sr`, `2`, `3` and so on; empty when there is none. */
  readonly suffix: string;
}

/** The fields of a name, as Finch has them. */
export interface NameFields {
  readonly first_name?: string | null | undefined;
  readonly middle_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
  readonly preferred_name?: string | null | undefined;
}

/** Marks of a generation: what tells a father from a son. */
const generations = new Map(
  Object.entries({
    ...{ jr: "jr", junior: "jr", sr: "sr", senior: "sr" },
    ...{ ii: "2", "2nd": "2", iii: "3", "3rd": "3", iv: "4", "4th": "4" },
  }),
);

/** What is around a name and no part of it. */
const titles = new Set(["mr", "mrs", "ms", "miss", "dr", "prof", "phd", "md", "esq", "cpa", "dds", "rn"]);

/** Words that stand for a name that is not known. */
const nobody = new Set(["na", "none", "null", "unknown", "tbd", "nfn", "nln", "fnu", "lnu", "nmn", "undefined", "unk"]);

/** One field's words, and the generation that it names; empty when there is none. */
interface CleanField {
  readonly words: readonly string[];
  readonly suffix: string;
}

const clean = (text: string): CleanField => {
  const words = wordsOf(fold(text));
  const kept: string[] = [];
  let suffix = "";
  for (const [at, word] of words.entries()) {
    const generation = generations.get(word);
    // A generation follows a name: somebody may be called Junior.
    if (generation !== undefined && (at > 0 || kept.length > 0)) suffix = generation;
    else if (!titles.has(word) || words.length === 1) kept.push(word);
  }
  return { words: kept, suffix };
};

/** The two parts of `Last, First M`; undefined when it is none, as in `Smith, Jr`. */
const partsOf = (text: string): readonly [string, string] | undefined => {
  const at = text.indexOf(",");
  if (at === -1) return undefined;
  const rest = text.slice(at + 1);
  const words = wordsOf(fold(rest));
  const generation = words.length === 1 ? generations.get(words[0] ?? "") : undefined;
  return generation !== undefined || words.length === 0 ? undefined : [text.slice(0, at), rest];
};

/** Family names' particles: shared by people who have nothing else in common. */
const particles = new Set(
  "de la las los del van von der den da di do dos das du le el al bin ibn abu san st y e".split(" "),
);

/** One field, in numbers of the vocabulary, as whichever part of a name it is. */
interface ReadField {
  readonly words: readonly number[];
  /** All of `words` as a list, and all but the first. */
  readonly list: number;
  readonly rest: number;
  readonly isInitial: boolean;
  readonly whole: number;
  readonly family: number;
  readonly familyParts: number;
  readonly suffix: string;
}

const noField: ReadField = {
  words: [],
  list: 0,
  rest: 0,
  isInitial: false,
  whole: 0,
  family: 0,
  familyParts: 0,
  suffix: "",
};

/**
 * Makes a function that takes a name apart: generation and titles off, `Last, First M` read from whichever field holds it, a
 * middle name told from a first. It remembers fields that it has read, since they repeat.
 */
export const createNameParser = (vocabulary: Vocabulary): ((fields: NameFields) => ParsedName) => {
  const { lists } = vocabulary;
  const idsOf = (words: readonly string[]): readonly number[] => words.map((word) => vocabulary.idOf(word));
  const known = remember((text): ReadField => {
    const { words: all, suffix } = clean(text);
    const words = all.filter((word) => !nobody.has(word));
    const family = joinLetters(words);
    const ids = idsOf(words);
    return {
      words: ids,
      list: lists.add(ids),
      rest: lists.add(ids.slice(1)),
      isInitial: words[0]?.length === 1,
      whole: vocabulary.idOf(words.join(" ")),
      family: vocabulary.idOf(family.join("")),
      familyParts:
        family.length > 1 ? lists.add(idsOf(family.filter((word) => word.length > 2 && !particles.has(word)))) : 0,
      suffix,
    };
  });
  /** A list of what follows the first of the words of two fields. */
  const middlesOf = (own: ReadField, middle: ReadField): number => {
    if (own.words.length === 0) return middle.rest;
    if (own.words.length === 1) return middle.list;
    return middle.list === 0 ? own.rest : lists.add([...own.words.slice(1), ...middle.words]);
  };
  const read = (text: string | null | undefined): ReadField => (text ? known(text) : noField);
  return ({ first_name, middle_name, last_name, preferred_name }) => {
    let [first, last] = [first_name ?? "", last_name ?? ""];
    if (first.trim() === "" || last.trim() === "") {
      const parts = partsOf(last) ?? partsOf(first);
      if (parts) [last, first] = parts;
    }
    const [own, middle, family, preferred] = [read(first), read(middle_name), read(last), read(preferred_name)];
    const leading = own.words.length > 0 ? own : middle;
    const given = leading.words[0] ?? 0;
    return {
      given,
      first: own.words.length > 1 ? own.whole : given,
      isInitial: leading.isInitial,
      middles: middlesOf(own, middle),
      preferred: preferred.words[0] ?? 0,
      family: family.family,
      familyParts: family.familyParts,
      suffix: preferred.suffix || family.suffix || middle.suffix || own.suffix,
    };
  };
};

/** `O Brien` is `obrien`: a single letter in a family name belongs to what follows. */
const joinLetters = (words: readonly string[]): readonly string[] => {
  if (!words.some((word) => word.length === 1)) return words;
  const joined: string[] = [];
  let before = "";
  for (const word of words) {
    if (word.length === 1) before += word;
    else {
      joined.push(before + word);
      before = "";
    }
  }
  if (before !== "") joined.push(before);
  return joined;
};
