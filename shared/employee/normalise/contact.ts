/** E-mail addresses and phone numbers as they are compared. */
import { FoldedText } from "./folded-text.ts";
import { TextNumbers } from "./text-numbers.ts";

/** Local parts that stand for an office, or for no address at all. */
const nobodys = new TextNumbers();
for (const letters of `na none no noemail noreply donotreply hr info test admin payroll office contact unknown null email mail nobody fake help
  support humanresources accounting billing example user noone nomail notprovided notavailable hrdepartment benefits people
  jobs careers sales service me x xx xxx abc asdf null void temp employee`.split(/\s+/)) {
  nobodys.idOf(letters);
}

const [atSign, plusSign, dotSign] = [0x40, 0x2b, 0x2e];
const blankBeyondAscii = /\s/;
const isBlank = (sign: number): boolean =>
  sign === 32 || (sign >= 9 && sign <= 13) || (sign > 127 && blankBeyondAscii.test(String.fromCharCode(sign)));

/** Reads e-mail addresses, one after the other. */
export class EmailReader {
  readonly local = new FoldedText();
  readonly domain = new FoldedText();
  /** The letters of the local part, which may hold names. */
  readonly letters = new FoldedText();
  readonly #whole = new FoldedText();

  /**
   * Reads an e-mail address; false when it is none, or a placeholder's. Its parts are in one spelling: tags (`+work`) are cut at
   * every provider, dots only at Gmail, which alone ignores them for all of its addresses.
   */
  read(text: string | null | undefined): boolean {
    if (typeof text !== "string" || !this.#part(text)) return false;
    const { local, domain, letters } = this;
    if (domain.startsWith("example.")) return false;
    letters.clear();
    for (let at = 0; at < local.length; at += 1) {
      const sign = local.signs[at] as number;
      if (sign >= 97 && sign <= 122) letters.push(sign);
    }
    return !nobodys.has(letters.signs, 0, letters.length);
  }

  /** Parts an address; false when it is none. */
  #part(text: string): boolean {
    const { signs, length } = this.#whole.load(text);
    let [start, end] = [0, length];
    while (start < end && isBlank(signs[start] as number)) start += 1;
    while (end > start && isBlank(signs[end - 1] as number)) end -= 1;
    let [middle, plus, dot] = [-1, -1, -1];
    for (let at = start; at < end; at += 1) {
      const sign = signs[at] as number;
      if (isBlank(sign) || (sign === atSign && middle !== -1)) return false;
      if (sign === atSign) middle = at;
      else if (sign === plusSign && plus === -1) plus = at;
      else if (sign === dotSign && dot === -1 && middle !== -1 && at > middle + 1) dot = at;
    }
    if (middle <= start || dot === -1 || dot === end - 1) return false;
    this.domain.clear().append(this.#whole, middle + 1, end);
    if (this.domain.is("googlemail.com")) this.domain.load("gmail.com");
    const isGmail = this.domain.is("gmail.com");
    this.local.clear();
    for (let at = start; at < (plus > start && plus < middle ? plus : middle); at += 1) {
      if (!isGmail || signs[at] !== dotSign) this.local.push(signs[at] as number);
    }
    return true;
  }
}

const reader = new EmailReader();

/** An e-mail address in one spelling; undefined when it is none, or a placeholder's. */
export const normaliseEmail = (text: string | null | undefined): string | undefined =>
  reader.read(text) ? `${reader.local}@${reader.domain}` : undefined;

/** The last digits of a phone number, at most nine. */
export interface ParsedPhone {
  readonly number: number;
  /** How many digits they are: with the zeros that they begin with. */
  readonly length: number;
}

/** What an extension begins with: `x`, `ext`, `#` or `;`. */
const isExtension = (sign: number): boolean => sign === 0x78 || sign === 0x58 || sign === 0x23 || sign === 0x3b;

/**
 * The last nine digits of a phone number: what is the same with and without the country's prefix or a trunk zero (E.164 numbers
 * have up to 15 digits, national ones mostly 9 or 10). Undefined when it is too short, or a placeholder's.
 */
export const parsePhone = (text: string | null | undefined): ParsedPhone | undefined => {
  if (typeof text !== "string") return undefined;
  let [digits, number] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (isExtension(sign)) break;
    if (sign < 48 || sign > 57) continue;
    digits += 1;
    number = (number % 100_000_000) * 10 + (sign - 48);
  }
  if (digits < 7) return undefined;
  const length = Math.min(9, digits);
  return isPlaceholder(number, length, digits) ? undefined : { number, length };
};

/** The same as text. */
export const normalisePhone = (text: string | null | undefined): string | undefined => {
  const parsed = parsePhone(text);
  return parsed && `${parsed.number}`.padStart(parsed.length, "0");
};

const isPlaceholder = (number: number, length: number, digits: number): boolean => {
  const lastSeven = number % 10_000_000;
  // All seven are one digit.
  if (lastSeven % 1_111_111 === 0) return true;
  if (isRow(number, length, 1) || isRow(number, length, 9)) return true;
  // 555-01xx is kept for fiction in North America; 555-5555 is what people type.
  return digits >= 10 && (lastSeven === 5_555_555 || (lastSeven >= 5_550_100 && lastSeven <= 5_550_199));
};

/** Whether each digit is the one before it and `step`, where 0 follows 9. */
const isRow = (number: number, length: number, step: number): boolean => {
  for (let [left, at] = [number, 1]; at < length; at += 1) {
    const [last, before] = [left % 10, Math.floor(left / 10) % 10];
    if (last !== (before + step) % 10) return false;
    left = Math.floor(left / 10);
  }
  return true;
};
