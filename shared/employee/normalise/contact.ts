/** E-mail addresses and phone numbers as they are compared. */
import { fold } from "./fold.ts";

/** Local parts that stand for an office, or for no address at all. */
const nobodys = new Set(
  `na none no noemail noreply donotreply hr info test admin payroll office contact unknown null email mail nobody fake help
  support humanresources accounting billing example user noone nomail notprovided notavailable hrdepartment benefits people
  jobs careers sales service me x xx xxx abc asdf null void temp employee`.split(/\s+/),
);

const emailShape = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/**
 * An e-mail address in one spelling; undefined when it is none, or a placeholder's. Tags (`+work`) are cut at every provider;
 * dots are cut only at Gmail, which alone ignores them for all of its addresses.
 */
export const normaliseEmail = (text: string | null | undefined): string | undefined => {
  if (typeof text !== "string") return undefined;
  const address = fold(text).trim();
  if (!emailShape.test(address)) return undefined;
  const at = address.lastIndexOf("@");
  let local = address.slice(0, at);
  let domain = address.slice(at + 1);
  const plus = local.indexOf("+");
  if (plus > 0) local = local.slice(0, plus);
  if (domain === "googlemail.com") domain = "gmail.com";
  if (domain === "gmail.com") local = local.replaceAll(".", "");
  if (nobodys.has(local.replace(/[^a-z]/g, "")) || domain.startsWith("example.")) return undefined;
  return `${local}@${domain}`;
};

const extension = /(?:ext|x|#|;).*$/;

/**
 * The last nine digits of a phone number: what is the same with and without the country's prefix or a trunk zero (E.164 numbers
 * have up to 15 digits, national ones mostly 9 or 10). Undefined when it is too short, or a placeholder's.
 */
export const normalisePhone = (text: string | null | undefined): string | undefined => {
  if (typeof text !== "string") return undefined;
  const digits = text.toLowerCase().replace(extension, "").replace(/\D/g, "");
  if (digits.length < 7) return undefined;
  const number = digits.slice(-9);
  return isPlaceholder(number, digits) ? undefined : number;
};

const isPlaceholder = (number: string, digits: string): boolean => {
  if (new Set(number.slice(-7)).size < 2) return true;
  if ("01234567890123456789".includes(number) || "98765432109876543210".includes(number)) return true;
  // 555-01xx is kept for fiction in North America; 555-5555 is what people type.
  return digits.length >= 10 && /555(?:5555|01\d\d)$/.test(digits);
};
