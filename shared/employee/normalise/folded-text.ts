import { grownSigns } from "../table.ts";
import { fold, isOfWord, longestText, parts, roleOf, wordsOf } from "./fold.ts";

/**
 * A text as it is read: folded, sign by sign, in a table that serves one text after the other. What is cut out of it is no string
 * until somebody asks for one: of a million words, few are ever looked at.
 */
export class FoldedText {
  signs = new Uint16Array(256);
  length = 0;
  /** Where each of its words begins and ends, after `part`. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  #isAscii = true;

  /** Takes a text in, instead of the one before; of a very long one the beginning ({@link longestText}). */
  load(text: string): this {
    const length = Math.min(text.length, longestText);
    this.signs = grownSigns(this.signs, length);
    this.length = length;
    for (let at = 0; at < length; at += 1) {
      const sign = text.charCodeAt(at);
      // Beyond ASCII it takes Unicode's tables, which cost ten times as much.
      if (sign > 127) return this.#loadFolded(fold(text));
      this.signs[at] = sign >= 65 && sign <= 90 ? sign + 32 : sign;
    }
    this.#isAscii = true;
    return this;
  }

  /** Parts it into words as `wordsOf` does, and returns how many there are. What is between them is lost. */
  part(): number {
    if (!this.#isAscii) this.#loadFolded(wordsOf(`${this}`).join(" "));
    const { signs, starts, ends } = this;
    let [count, end, isInWord] = [0, 0, false];
    for (let at = 0; at < this.length; at += 1) {
      const sign = signs[at] as number;
      const role = sign > 127 ? isOfWord : roleOf[sign];
      if (role === isOfWord) {
        if (!isInWord) starts[count] = end;
        isInWord = true;
        signs[end] = sign;
        end += 1;
      } else if (role === parts && isInWord) {
        ends[count] = end;
        count += 1;
        isInWord = false;
      }
    }
    if (isInWord) ends[count] = end;
    this.length = end;
    return isInWord ? count + 1 : count;
  }

  /** Empties it. */
  clear(): this {
    this.length = 0;
    return this;
  }

  push(sign: number): void {
    this.signs = grownSigns(this.signs, this.length + 1);
    this.signs[this.length] = sign;
    this.length += 1;
  }

  /** Adds signs of another text. */
  append(other: FoldedText, start: number, end: number): void {
    for (let at = start; at < end; at += 1) this.push(other.signs[at] as number);
  }

  startsWith(text: string): boolean {
    if (this.length < text.length) return false;
    for (let at = 0; at < text.length; at += 1) if (this.signs[at] !== text.charCodeAt(at)) return false;
    return true;
  }

  is(text: string): boolean {
    return this.length === text.length && this.startsWith(text);
  }

  toString(): string {
    return String.fromCharCode(...this.signs.subarray(0, this.length));
  }

  #loadFolded(text: string): this {
    this.signs = grownSigns(this.signs, text.length);
    this.length = text.length;
    for (let at = 0; at < text.length; at += 1) this.signs[at] = text.charCodeAt(at);
    this.#isAscii = false;
    return this;
  }
}
