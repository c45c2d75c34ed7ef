/**
 * SSNs as marks that can be compared and not read: an encryption of each with AES-128, used as a pseudo-random function of one
 * block, under a key that only the reader of the SSNs holds. Beside the mark of the whole number there is one for each digit
 * left out, for each two neighbours out of order and for the first seven, so that a slip of the pen shows: two numbers that differ by it share one.
 */
import { createCipheriv } from "node:crypto";
import { type KeyNumbers, keyKind as kind } from "../block/key-numbers.ts";

/** Characters of a mark: of the last four digits, of the whole number, of each of its 18 near ones. */
const [fourLength, wholeLength, nearLength, nearCount] = [8, 16, 8, 18];

/** Whether a mark is of a whole number, not of a masked one. */
const isWhole = (mark: string): boolean => mark.length > fourLength;

const base64 = new Uint8Array(128);
for (const [value, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) {
  base64[letter.charCodeAt(0)] = value;
}

/** The bits of some letters of base64, six each. */
const bitsOf = (text: string, from: number, to: number): number => {
  let bits = 0;
  for (let at = from; at < to; at += 1) bits = (bits << 6) | (base64[text.charCodeAt(at)] ?? 0);
  return bits;
};

/** The keys of a mark's number and of its last four digits; 0 is none. Nine letters tell 2^54 apart. */
export const keysOfMark = (mark: string, keys: KeyNumbers): { readonly ssnKey: number; readonly lastFour: number } => {
  if (mark === "") return noKeys;
  return {
    ssnKey: isWhole(mark)
      ? keys.of(kind.ssn, bitsOf(mark, fourLength, fourLength + 4), bitsOf(mark, fourLength + 4, fourLength + 9))
      : 0,
    lastFour: keys.of(kind.four, bitsOf(mark, 0, 4), bitsOf(mark, 4, fourLength)),
  };
};

const noKeys = { ssnKey: 0, lastFour: 0 };

/**
 * Whether two marks of different numbers are one slip apart: a digit, or two neighbours that changed places.
 *
 * @returns `row` when all but the last two digits agree: so do the numbers of twins, which are issued in a row
 */
export const compareMarks = (one: string, other: string): "slip" | "row" | "different" => {
  if (!isWhole(one) || !isWhole(other)) return "different";
  for (let near = 0; near < nearCount; near += 1) {
    if (!areEqualFrom(fourLength + wholeLength + near * nearLength, one, other)) continue;
    return near === 7 || near === 8 || near >= nearCount - 2 ? "row" : "slip";
  }
  return "different";
};

/** Whether two marks have the same near number at a place. */
const areEqualFrom = (start: number, one: string, other: string): boolean => {
  for (let at = start; at < start + nearLength; at += 1) if (one.charCodeAt(at) !== other.charCodeAt(at)) return false;
  return true;
};

/**
 * Makes marks under a key of 16 bytes.
 *
 * @returns a function from an SSN, whole or masked (`***-**-1234`), to its mark; undefined for what is no SSN or a placeholder.
 */
export const createSsnMarker = (key: Uint8Array): ((ssn: string | null | undefined) => string | undefined) => {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  const blocks = Buffer.alloc((2 + nearCount) * 16);
  const marks = Buffer.alloc(((fourLength + wholeLength + nearLength * nearCount) / 4) * 3);
  const [fourBytes, wholeBytes, nearBytes] = [fourLength, wholeLength, nearLength].map(
    (length) => (length / 4) * 3,
  ) as [number, number, number];
  return (ssn) => {
    const parsed = parseSsn(ssn);
    if (parsed === undefined) return undefined;
    const isMasked = parsed.length < 9;
    blocks.fill(0);
    blocks.write(`f${parsed.slice(-4)}`, 0, "latin1");
    if (!isMasked) {
      blocks.write(`w${parsed}`, 16, "latin1");
      for (let near = 0; near < nearCount; near += 1) {
        blocks.write(nearText(parsed, near), (2 + near) * 16, "latin1");
      }
    }
    const sealed = cipher.update(isMasked ? blocks.subarray(0, 16) : blocks);
    sealed.copy(marks, 0, 0, fourBytes);
    if (isMasked) return marks.toString("base64", 0, fourBytes);
    sealed.copy(marks, fourBytes, 16, 16 + wholeBytes);
    for (let near = 0; near < nearCount; near += 1) {
      sealed.copy(marks, fourBytes + wholeBytes + near * nearBytes, (2 + near) * 16, (2 + near) * 16 + nearBytes);
    }
    return marks.toString("base64");
  };
};

const nearText = (digits: string, near: number): string => {
  if (near === nearCount - 1) return `${near + 10}${digits.slice(0, 7)}`;
  return `${near + 10}${near < 9 ? withoutDigit(digits, near) : withPairInOrder(digits, near - 9)}`;
};

const withoutDigit = (digits: string, at: number): string => `${digits.slice(0, at)}-${digits.slice(at + 1)}`;

const withPairInOrder = (digits: string, at: number): string => {
  const [one = "", other = ""] = [digits[at], digits[at + 1]];
  return `${digits.slice(0, at)}${one < other ? one + other : other + one}${digits.slice(at + 2)}`;
};

/** Numbers that were in advertisements or forms, and are nobody's. */
const advertised = new Set(["123456789", "987654321", "078051120", "219099999", "457555462", "111223333", "001010001"]);

/**
 * The nine digits, or the last four of a masked number. Leading zeros that a spreadsheet lost are put back. What the Social
 * Security Administration never issues is refused; ITINs (area 900 to 999, group 50 and up) are numbers of people, too.
 */
const parseSsn = (ssn: string | null | undefined): string | undefined => {
  if (typeof ssn !== "string") return undefined;
  const digits = ssn.replace(/\D/g, "");
  if (/[*xX#•]/.test(ssn)) return digits.length >= 4 && digits.slice(-4) !== "0000" ? digits.slice(-4) : undefined;
  if (digits.length < 7 || digits.length > 9) return undefined;
  const whole = digits.padStart(9, "0");
  const [area, group, serial] = [whole.slice(0, 3), whole.slice(3, 5), whole.slice(5)];
  const signs = new Set(whole).size;
  if (area === "000" || area === "666" || serial === "0000") return undefined;
  // A group of 00 is never issued either; a number that is otherwise one is more likely another country's than a placeholder.
  if (signs < 3 || (group === "00" && signs < 5) || advertised.has(whole) || (area >= "900" && Number(group) < 50))
    return undefined;
  return whole;
};
