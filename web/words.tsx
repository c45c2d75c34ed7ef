import type { ComponentChild } from "preact";
import { cleanName } from "./model/clean-name.ts";
import { fill } from "./model/fill.ts";
import { languages } from "./texts/languages.ts";
import type { Holes, TextKey } from "./texts/texts.ts";

/** What fills a hole of a text. A string is somebody's name: it is cleaned, and isolated from what is around it. */
type Value = string | number | ComponentChild[] | Exclude<ComponentChild, null | undefined | boolean | bigint>;

type Values<Key extends TextKey, Value> = [Holes<Key>] extends [never]
  ? [values?: Record<never, never>]
  : [values: Readonly<Record<Holes<Key>, Value>>];

/** A name from outside, isolated so that its direction changes nothing around it. */
export const Name = ({ children }: { readonly children: string }) => <bdi>{cleanName(children)}</bdi>;

const hour = 3_600_000;

/** The texts, dates and lists of one language. */
export const createWords = (language: string) => {
  const texts = languages[language] ?? languages["en"];
  if (texts === undefined) throw new Error("There is no English.");
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const lists = new Intl.ListFormat(language);

  const pick = (key: TextKey, values: Readonly<Record<string, unknown>>): string => {
    const text = texts[key];
    if (typeof text === "string") return text;
    return text[plurals.select(Number(values["n"])) === "one" ? "one" : "other"];
  };

  const show = (value: Value): ComponentChild => {
    if (typeof value === "string") return <Name>{value}</Name>;
    return typeof value === "number" ? numbers.format(value) : (value as ComponentChild);
  };

  /** A text with its holes filled, to be put into the page. */
  const say = <Key extends TextKey>(key: Key, ...[values = {}]: Values<Key, Value>): ComponentChild[] =>
    fill(pick(key, values), values as Readonly<Record<string, Value>>, show);

  /** The same as plain words, for an attribute or a screen reader. */
  const plain = <Key extends TextKey>(key: Key, ...[values = {}]: Values<Key, string | number>): string =>
    fill(pick(key, values), values as Readonly<Record<string, string | number>>, (value) =>
      typeof value === "number" ? numbers.format(value) : cleanName(value),
    ).join("");

  const time = (date: Date, words: string) => <time dateTime={date.toISOString()}>{words}</time>;

  const date = (options: Intl.DateTimeFormatOptions) => (date: Date) =>
    time(date, new Intl.DateTimeFormat(language, options).format(date));

  return {
    language,
    say,
    plain,
    /** Names one after the other, "A, B, and C". */
    list: (names: readonly string[]): ComponentChild[] =>
      lists
        .formatToParts(names.map(cleanName))
        .map(({ type, value }) => (type === "element" ? <bdi class="n">{value}</bdi> : value)),
    /** How long ago, in hours or days. */
    ago: (date: Date, now = Date.now()) => {
      const hours = Math.round((date.getTime() - now) / hour);
      if (hours === 0) return time(date, plain("justNow"));
      return time(
        date,
        Math.abs(hours) < 24 ? relative.format(hours, "hour") : relative.format(Math.round(hours / 24), "day"),
      );
    },
    /** A day, with its year when it is not this one. */
    day: (day: Date) =>
      date({
        day: "numeric",
        month: "long",
        ...(day.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" }),
      })(day),
    date: date({ dateStyle: "long" }),
    moment: date({ dateStyle: "long", timeStyle: "short" }),
  };
};

/** The words of one language. */
export type Words = ReturnType<typeof createWords>;
