import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { en } from "../../../web/texts/en.ts";
import { chooseLanguage, languages } from "../../../web/texts/languages.ts";
import type { Plural } from "../../../web/texts/texts.ts";

const holesOf = (text: string | Plural): readonly string[] => {
  const words = typeof text === "string" ? text : `${text.one} ${text.other} {n}`;
  return [...new Set([...words.matchAll(/\{(\w+)\}/g)].map(([, hole]) => hole ?? ""))].toSorted();
};

it.each(Object.entries(languages))("%s fills the same holes as English, and says something everywhere", (_, texts) => {
  expect(Object.keys(texts).toSorted()).toEqual(Object.keys(en).toSorted());
  for (const [key, text] of Object.entries(texts)) {
    expect([key, holesOf(text)]).toEqual([key, holesOf(en[key as keyof typeof en])]);
    for (const words of typeof text === "string" ? [text] : [text.one, text.other]) {
      expect(words.trim()).toBe(words);
      expect(words).not.toBe("");
    }
  }
});

it("no text has the words of those who build the page", () => {
  // A legal entity is a payroll administrator's own word.
  const jargon = /\b(token|sync|synced|(?<!legal )entity|entities|reauth|oauth|webhook|api|session id|endpoint)\b/i;
  const found = Object.values(languages).flatMap((texts) =>
    Object.entries(texts).filter(([, text]) => jargon.test(JSON.stringify(text).replace(/\{\w+\}/g, ""))),
  );
  expect(found.map(([key]) => key)).toEqual([]);
});

it("each text is used", () => {
  const folder = join(import.meta.dirname, "../../../web");
  const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("texts"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const prefixes = [...source.matchAll(/`([a-z]+\.)\$\{/g)].map(([, prefix = ""]) => prefix);
  const isUsed = (key: string) => source.includes(`"${key}"`) || prefixes.some((prefix) => key.startsWith(prefix));
  expect(Object.keys(en).filter((key) => !isUsed(key))).toEqual([]);
});

it("a browser gets the first of its languages that is offered", () => {
  expect(chooseLanguage(["es-MX", "en"], ["en", "es"])).toBe("es");
  expect(chooseLanguage(["fr", "EN-gb"], ["es", "en"])).toBe("en");
  expect(chooseLanguage(["fr"], ["es", "en"])).toBe("es");
  expect(chooseLanguage(["es"], ["en"])).toBe("en");
  expect(chooseLanguage(["constructor", "es"], ["constructor", "es"])).toBe("es");
  expect(chooseLanguage([], [])).toBe("en");
});
