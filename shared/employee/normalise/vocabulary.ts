import { isCommonFamily, isCommonGiven } from "./common-names.ts";
import { hasNicknames } from "./nicknames.ts";

/** Words that were met, each with a number, so that comparing two of them is comparing numbers. 0 is no word. */
export class Vocabulary {
  readonly #ids = new Map<string, number>([["", 0]]);
  readonly #texts: string[] = [""];
  readonly #known: boolean[] = [false];
  /** How many records have the word as first name, and as family name, by number. */
  readonly #given: number[] = [0];
  readonly #family: number[] = [0];

  idOf(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    const id = this.#texts.length;
    this.#ids.set(word, id);
    this.#texts.push(word);
    this.#known.push(hasNicknames(word) || isCommonGiven(word));
    this.#given.push(0);
    this.#family.push(0);
    return id;
  }

  textOf(id: number): string {
    return this.#texts[id] ?? "";
  }

  /** Whether it is a first name that people are known to have. */
  isKnownName(id: number): boolean {
    return this.#known[id] ?? false;
  }

  /** Whether it is a family name that many people have. */
  isCommonFamily(id: number): boolean {
    return isCommonFamily(this.textOf(id));
  }

  givenCount(id: number): number {
    return this.#given[id] ?? 0;
  }

  familyCount(id: number): number {
    return this.#family[id] ?? 0;
  }

  /** Counts a record's name in (1) or out (-1). */
  count(given: number, family: number, by: 1 | -1): void {
    if (given !== 0) this.#given[given] = this.givenCount(given) + by;
    if (family !== 0) this.#family[family] = this.familyCount(family) + by;
  }
}
