import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../local/stack/places.ts";
import type { NamedTest } from "./planted-bug.ts";

/** What is written in a test file and in the tests' own modules that it imports. */
interface Written {
  /** Every text: a title, or what a table puts into one. */
  readonly texts: readonly string[];
  /** The fixed parts of each title that is put together. */
  readonly titles: readonly (readonly string[])[];
  readonly words: ReadonlySet<string>;
}

const files = new Map<string, Written>();

/**
 * Whether a test of this name is in its file, or in what the file takes its tests from. Nothing is run: the name is part of
 * a text there, or of a title that is put together, filled with what is written there as well.
 */
export const isWritten = ({ file, name }: NamedTest): boolean => {
  const written = files.get(file) ?? read(join(root, file));
  files.set(file, written);
  const { texts, titles, words } = written;
  const isKnown = (value: string): boolean =>
    texts.some((text) => text.includes(value.replace(/^"|"$/g, ""))) ||
    (!/\s/.test(value) && wordsOf(value).every((word) => words.has(word)));
  return texts.some((text) => text.includes(name)) || titles.some((parts) => isFilled(name, parts, isKnown));
};

const read = (path: string): Written => {
  // Comments have apostrophes; what begins within a line may be a text with `/*` in it.
  const source = readWithImports(path, new Set()).replace(/^\s*\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const quoted = /(\(\s*)?(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/g;
  const found = [...source.matchAll(quoted)].map(([, bracket, double, single, template]) => ({
    isFirst: bracket !== undefined,
    text: (double ?? single ?? template ?? "").replace(/\\(["'`])/g, "$1"),
  }));
  const titles = found.filter(({ isFirst }) => isFirst).map(({ text }) => text.split(placeholder));
  return {
    texts: found.map(({ text }) => text),
    titles: titles.filter((parts) => parts.some((part) => wordsOf(part).length > 1)),
    words: new Set(wordsOf(source)),
  };
};

/** What Vitest or the file itself fills in. */
const placeholder = /\$\{[^}]*\}|%[sdifjop]|\$[a-zA-Z][\w.]*/;

const wordsOf = (text: string): readonly string[] => text.match(/\w+/g) ?? [];

const readWithImports = (path: string, seen: Set<string>): string => {
  if (seen.has(path) || !existsSync(path)) return "";
  seen.add(path);
  const source = readFileSync(path, "utf8");
  const imported = [...source.matchAll(/ from "(\.[^"]+)"/g)].map(([, to = ""]) => join(dirname(path), to));
  const tests = imported.filter((to) => to.startsWith(join(root, "test/")));
  return [source, ...tests.map((to) => readWithImports(to, seen))].join("\n");
};

/** Whether a name is a piece of a title with these parts, between which something known stands. */
const isFilled = (name: string, parts: readonly string[], isKnown: (value: string) => boolean): boolean => {
  /** At a value, which these parts follow. */
  const goesOn = (rest: string, [next, ...others]: readonly string[]): boolean =>
    next !== undefined &&
    [...rest, ""].some((_, length) => {
      const after = rest.slice(length);
      const fits = next.startsWith(after) || (after.startsWith(next) && goesOn(after.slice(next.length), others));
      return fits && isKnown(rest.slice(0, length));
    });
  return parts.some((part, index) =>
    // It may begin within a part, or within the value behind it.
    [...part, ""].some((_, begin) => {
      const head = part.slice(begin);
      return name.startsWith(head) && goesOn(name.slice(head.length), parts.slice(index + 1));
    }),
  );
};
