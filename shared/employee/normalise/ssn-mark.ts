/**
 * SSNs as marks that can be compared and not read: an encryption of each with AES-128, used as a pseudo-random function of one
 * block, under a key that only the reader of the SSNs holds. Beside the mark of the whole number there is one for each digit
 * left out, for each two neighbours out of order and for the first seven, so that a slip of the pen shows: two numbers that differ by it share one.
 */
import { createCipheriv } from "node:crypto";

/** Characters of a mark: of the last four digits, of the whole number, of each of its 18 near ones. */
const [fourLength, wholeLength, nearLength, nearCount] = [8, 16, 8, 18];

/** What a mark is made of; `whole` and `near` are empty for a masked SSN. */
export const lastFourOf = (mark: string): string => mark.slice(0, fourLength);
export const wholeOf = (mark: string): string => mark.slice(fourLength, fourLength + wholeLength);

/**
 * Whether two marks of different numbers are one slip apart: a digit, or two neighbours that changed places.
 *
 * @returns `row` when all but the last two digits agree: so do the numbers of twins, which are issued in a row
 */
export const compareMarks = (one: string, other: string): "slip" | "row" | "different" => {
  for (let near = 0; near < nearCount; near += 1) {
    const at = fourLength + wholeLength + near * nearLength;
    if (one.length > at && one.startsWith(other.slice(at, at + nearLength), at)) {
      return near === 7 || near === 8 || near >= nearCount - 2 ? "row" : "slip";
    }
  }
  return "different";
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
    const isWhole = parsed.length === 9;
    blocks.fill(0);
    blocks.write(`f${parsed.slice(-4)}`, 0, "latin1");
    if (isWhole) {
      blocks.write(`w${parsed}`, 16, "latin1");
      for (let near = 0; near < nearCount; near += 1) {
        blocks.write(nearText(parsed, near), (2 + near) * 16, "latin1");
      }
    }
    const sealed = cipher.update(isWhole ? blocks : blocks.subarray(0, 16));
    sealed.copy(marks, 0, 0, fourBytes);
    if (!isWhole) return marks.toString("base64", 0, fourBytes);
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
  if (area === "000" || area === "666" || group === "00" || serial === "0000") return undefined;
  if (new Set(whole).size < 3 || advertised.has(whole) || (area >= "900" && Number(group) < 50)) return undefined;
  return whole;
};
