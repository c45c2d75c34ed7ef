import { Holders } from "../holders.ts";
import { Lists } from "../lists.ts";
import { grown } from "../table.ts";
import { isCommonFamily, isCommonGiven } from "./common-names.ts";
import { hasNicknames } from "./nicknames.ts";
import { TextNumbers } from "./text-numbers.ts";

/** Words that were met, each with a number, and what those that are names say. */
export class Vocabulary extends TextNumbers {
  /** Who has the word as first name, and as family name. */
  readonly givens = new Holders();
  readonly families = new Holders();

  /** Lists of words, and of keys. */
  readonly lists = new Lists();

  /** By word: how many of them are women, less how many are men; and of how many it is known. */
  #women = new Int32Array(2 ** 10);
  #gendered = new Int32Array(2 ** 10);
  readonly #known = new Map<number, boolean>();

  /** Whether it is a first name that people are known to have. */
  isKnownName(id: number): boolean {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const word = this.textOf(id);
    const isKnown = hasNicknames(word) || isCommonGiven(word);
    this.#known.set(id, isKnown);
    return isKnown;
  }

  /** Whether it is a family name that many people have. */
  isCommonFamily(id: number): boolean {
    return isCommonFamily(this.textOf(id));
  }

  /** The gender of those with a first name, when it is known of eight and of nine in ten the same; else empty. */
  genderOf(id: number): string {
    const [surplus, known] = [this.#women[id] ?? 0, this.#gendered[id] ?? 0];
    if (known < 8 || Math.abs(surplus) < 0.8 * known) return "";
    return surplus > 0 ? "female" : "male";
  }

  /** Counts the gender of somebody with a first name in (1) or out (-1). */
  countGender(given: number, gender: string, by: 1 | -1): void {
    if (given === 0 || gender === "") return;
    this.#women = grown(this.#women, given + 1);
    this.#gendered = grown(this.#gendered, given + 1);
    this.#gendered[given] = (this.#gendered[given] ?? 0) + by;
    this.#women[given] = (this.#women[given] ?? 0) + (gender === "female" ? by : -by);
  }
}
