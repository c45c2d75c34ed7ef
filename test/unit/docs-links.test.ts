/** Links in the documents lead to files and headings that are there. Addresses elsewhere are not visited. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const documents = globSync(["*.md", "docs/**/*.md"], { cwd: root });

/** The text without code, in which brackets are no links and `#` begins no heading. */
const withoutCode = (markdown: string): string =>
  markdown.replace(/^(```+).*\n[\s\S]*?^\1$/gm, "").replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ""));

/** The anchors of a document's headings, as code hosts make them. */
const anchorsOf = (markdown: string): Set<string> => {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutCode(markdown).matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = text.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
};

/** What is wrong with the links of a document that lies at `path`; one sentence each. */
const findBrokenLinks = (path: string, markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, target = ""]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = "", anchor] = target.split("#");
    const place = file === "" ? path : join(dirname(path), file);
    if (relative(root, join(root, place)).startsWith("..")) return [`${path}: ${target} leads out of the project`];
    if (!existsSync(join(root, place))) return [`${path}: ${target} is not there`];
    if (anchor === undefined) return [];
    const text = file === "" ? markdown : readFileSync(join(root, place), "utf8");
    return anchorsOf(text).has(anchor) ? [] : [`${path}: ${target} names a heading that is not there`];
  });

describe("links in the documents", () => {
  it("finds the documents", () => {
    expect(documents).toEqual(expect.arrayContaining(["README.md", "docs/storage.md"]));
  });

  it.each(documents)("%s", (path) => {
    expect(findBrokenLinks(path, readFileSync(join(root, path), "utf8"))).toEqual([]);
  });

  it("would find links that lead nowhere", () => {
    const markdown = [
      "# A heading, with `code` and a [link](README.md)",
      "[own](#a-heading-with-code-and-a-link) [file](docs/storage.md#the-claim) [other](https://example.com)",
      "[no heading](#elsewhere) [no file](docs/missing.md) [no heading there](docs/storage.md#missing) [out](../x.md)",
      "```",
      "[in code](missing.md)",
      "```",
    ].join("\n");
    expect(findBrokenLinks("README.md", markdown)).toEqual([
      "README.md: #elsewhere names a heading that is not there",
      "README.md: docs/missing.md is not there",
      "README.md: docs/storage.md#missing names a heading that is not there",
      "README.md: ../x.md leads out of the project",
    ]);
  });
});
