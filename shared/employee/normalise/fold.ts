/** Text as it is compared: small Latin letters and digits, whatever the script's case, accents and invisible characters. */

/** Letters that Unicode does not decompose, and Cyrillic and Greek as passports romanise them (ICAO Doc 9303, part 3). */
const letters: Readonly<Record<string, string>> = {
  ...{ ß: "ss", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe", ı: "i", ħ: "h", ŋ: "n", ŧ: "t", ə: "a" },
  ...{
    а: "a",
    б: "b",
    в: "v",
    г: "g",
    д: "d",
    е: "e",
    ж: "zh",
    з: "z",
    и: "i",
    к: "k",
    л: "l",
    м: "m",
    н: "n",
    о: "o",
  },
  ...{ п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh", ц: "ts", ч: "ch", ш: "sh", щ: "shch", ъ: "ie", ы: "y" },
  ...{ ь: "", э: "e", ю: "iu", я: "ia", і: "i", є: "ie", ґ: "g", ў: "u" },
  ...{
    α: "a",
    β: "v",
    γ: "g",
    δ: "d",
    ε: "e",
    ζ: "z",
    η: "i",
    θ: "th",
    ι: "i",
    κ: "k",
    λ: "l",
    μ: "m",
    ν: "n",
    ξ: "x",
  },
  ...{ ο: "o", π: "p", ρ: "r", σ: "s", ς: "s", τ: "t", υ: "y", φ: "f", χ: "ch", ψ: "ps", ω: "o" },
};

const notAscii = /\P{ASCII}/gu;
const marksAndInvisible = /[\p{M}\p{Cf}]/gu;

const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
};

/**
 * How many signs of a text are compared. No name, address or title is longer, and whoever sends more must not have us compare
 * a hundred thousand signs with as many others.
 */
export const longestText = 500;

/**
 * Small letters without accents and invisible characters, of the beginning of a very long text. Letters of scripts that are not
 * known here stay as they are.
 */
export const fold = (text: string): string => {
  const small = text.slice(0, longestText).toLowerCase();
  // Nearly all is ASCII, and Unicode's tables cost ten times as much.
  if (isAscii(small)) return small;
  return small
    .normalize("NFKD")
    .replace(marksAndInvisible, "")
    .replace(notAscii, (letter) => letters[letter] ?? letter);
};

const apostrophes = /['’‘`´ʼʻ.]/g;
const betweenWords = /[^\p{L}\p{N}]+/u;

/** What a sign does in a text: it parts words, is of one, or joins what is around it. */
export const [parts, isOfWord] = [0, 1];
const joins = 2;
/** By ASCII code. Capitals are of words, too: what Unicode takes apart may have some, as № does. */
export const roleOf = new Uint8Array(128).fill(parts);
for (const sign of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") {
  roleOf[sign.charCodeAt(0)] = isOfWord;
}
for (const sign of "'`.") roleOf[sign.charCodeAt(0)] = joins;

/** The words of a folded text; apostrophes and dots join (`O'Brien`, `K.C.`), everything else parts. */
export const wordsOf = (folded: string): string[] => {
  const words: string[] = [];
  let start = -1;
  for (let at = 0; at < folded.length; at += 1) {
    const sign = folded.charCodeAt(at);
    const does = sign > 127 ? joins : roleOf[sign];
    if (does === joins) return wordsOfRare(folded);
    if (does === isOfWord) {
      if (start === -1) start = at;
    } else if (start !== -1) {
      words.push(folded.slice(start, at));
      start = -1;
    }
  }
  if (start !== -1) words.push(folded.slice(start));
  return words;
};

/** The same of a text that is not ASCII, or has signs that join. */
const wordsOfRare = (folded: string): string[] => {
  const text = folded.replace(apostrophes, "");
  return isAscii(text) ? wordsOf(text) : text.split(betweenWords).filter((word) => word !== "");
};
