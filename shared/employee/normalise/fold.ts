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

const isAscii = /^[\x20-\x7e]*$/;
const notAscii = /\P{ASCII}/gu;
const marksAndInvisible = /[\p{M}\p{Cf}]/gu;

/** Small letters without accents and invisible characters. Letters of scripts that are not known here stay as they are. */
export const fold = (text: string): string => {
  const small = text.toLowerCase();
  if (isAscii.test(small)) return small;
  return small
    .normalize("NFKD")
    .replace(marksAndInvisible, "")
    .replace(notAscii, (letter) => letters[letter] ?? letter);
};

const apostrophes = /['’‘`´ʼʻ.]/g;
const betweenWords = /[^\p{L}\p{N}]+/u;

/** The words of a folded text; apostrophes and dots join (`O'Brien`, `K.C.`), everything else parts. */
export const wordsOf = (folded: string): string[] =>
  folded
    .replace(apostrophes, "")
    .split(betweenWords)
    .filter((word) => word !== "");
