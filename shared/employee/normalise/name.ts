import { fold, wordsOf } from "./fold.ts";

/** A name, taken apart and folded. */
export interface ParsedName {
  /** First name, then middle names, in their order; a single letter is an initial. */
  readonly given: readonly string[];
  /** How many of `given` came from the first-name field. */
  readonly firstCount: number;
  /** The words of the family name. */
  readonly family: readonly string[];
  /** `jr`, `sr`, `2`, `3` and so on; empty when there is none. */
  readonly suffix: string;
  readonly preferred: string;
}

/** The fields of a name, as Finch has them. */
export interface NameFields {
  readonly first_name?: string | null | undefined;
  readonly middle_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
  readonly preferred_name?: string | null | undefined;
}

/** Marks of a generation: what tells a father from a son. */
const generations: Readonly<Record<string, string>> = {
  ...{ jr: "jr", junior: "jr", sr: "sr", senior: "sr", ii: "2", "2nd": "2", iii: "3", "3rd": "3", iv: "4", "4th": "4" },
};

/** What is around a name and no part of it. */
const titles = new Set(["mr", "mrs", "ms", "miss", "dr", "prof", "phd", "md", "esq", "cpa", "dds", "rn"]);

/** Words that stand for a name that is not known. */
const nobody = new Set(["na", "none", "null", "unknown", "tbd", "nfn", "nln", "fnu", "lnu", "nmn", "undefined", "unk"]);

/**
 * Takes a name apart: generation and titles off, `Last, First M` read from whichever field holds it, a middle name told from
 * a first.
 */
export const parseName = (fields: NameFields): ParsedName => {
  let first = fields.first_name ?? "";
  let last = fields.last_name ?? "";
  let suffix = "";
  const clean = (text: string): string[] => {
    const words = wordsOf(fold(text));
    const kept: string[] = [];
    for (const [at, word] of words.entries()) {
      const generation = generations[word];
      // A generation follows a name: somebody may be called Junior.
      if (generation !== undefined && (at > 0 || kept.length > 0)) suffix = generation;
      else if (!titles.has(word) || words.length === 1) kept.push(word);
    }
    return kept;
  };
  const comma = (text: string): [string, string] | undefined => {
    const at = text.indexOf(",");
    if (at === -1) return undefined;
    const rest = text.slice(at + 1);
    const words = wordsOf(fold(rest));
    const generation = words.length === 1 ? generations[words[0] ?? ""] : undefined;
    if (generation !== undefined || words.length === 0) return undefined;
    return [text.slice(0, at), rest];
  };
  if (first.trim() === "" || last.trim() === "") {
    const parts = comma(last) ?? comma(first);
    if (parts) [last, first] = parts;
  }
  const given = clean(first).filter((word) => !nobody.has(word));
  const firstCount = given.length;
  for (const word of clean(fields.middle_name ?? "")) if (!nobody.has(word)) given.push(word);
  const family = joinLetters(clean(last).filter((word) => !nobody.has(word)));
  const [preferred = ""] = clean(fields.preferred_name ?? "");
  return { given, firstCount, family, suffix, preferred };
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
