import { en } from "./en.ts";
import { es } from "./es.ts";
import type { Texts } from "./texts.ts";

/** Every language of the page, by its BCP 47 tag. A new one is a file beside this one and a line here. */
export const languages: Readonly<Record<string, Texts>> = { en, es };

/** The first of the wanted languages that is offered, `es` for `es-MX`; the first that is offered when none of them is. */
export const chooseLanguage = (wanted: readonly string[], offered: readonly string[]): string => {
  const known = offered.filter((tag) => Object.hasOwn(languages, tag));
  return (
    wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "").find((tag) => known.includes(tag)) ?? known[0] ?? "en"
  );
};
