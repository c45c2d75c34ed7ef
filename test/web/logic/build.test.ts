import { gzipSync } from "node:zlib";
import { beforeAll, expect, it } from "vitest";
import { type BuiltPage, buildPage } from "../../../web/build.ts";

let built: BuiltPage;

beforeAll(async () => {
  built = await buildPage();
});

const contents = (name: string) => Buffer.from(built.files[name] ?? "");

it("the script is at most 40 KB and the style sheet at most 7 KB, gzipped", () => {
  expect(gzipSync(contents(built.script)).length).toBeLessThanOrEqual(40_000);
  expect(gzipSync(contents(built.style)).length).toBeLessThanOrEqual(7_000);
});

it("there are two files, and a name changes with what is in its file", () => {
  expect(Object.keys(built.files).toSorted()).toEqual([built.script, built.style].toSorted());
  expect(built.script).toMatch(/^page-[A-Z0-9]{8}\.js$/);
  expect(built.style).toMatch(/^page-style-[A-Z0-9]{8}\.css$/);
});

it("nothing in the script makes code or markup out of text, and nothing comes from another origin", () => {
  const script = contents(built.script).toString();
  expect(script).not.toMatch(/\beval\(|new Function\(|document\.write|insertAdjacentHTML|outerHTML|srcdoc/);
  // Preact's own is for a property that the page never sets.
  expect(script.match(/\.innerHTML/g)?.length ?? 0).toBeLessThanOrEqual(2);
  expect(script).not.toContain("dangerouslySetInnerHTML:");
  const origins = [...script.matchAll(/https?:\/\/[\w.-]+/g)].map(([origin]) => origin);
  // Names of XML's vocabularies, and what Finch's SDK has in it for its own address and its preview.
  const known = ["http://www.w3.org", "https://connect.tryfinch.com", "https://www.tryfinch.com"];
  expect(origins.filter((origin) => !known.includes(origin))).toEqual([]);
  expect(contents(built.style).toString()).not.toMatch(/url\(|@import|@font-face/);
});
