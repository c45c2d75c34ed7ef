import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const longest = 200;

/** Whether the file's first comment says why it is long: a sentence with the words "long because". */
const saysWhy = (text: string): boolean =>
  /^(?:#!.*\n)?\s*(?:\/\*[\s\S]*?\*\/|(?:\/\/.*\n|#.*\n)+|"""[\s\S]*?""")/.exec(text)?.[0].includes("long because") ??
  false;

it(`a file has at most ${longest} lines, or begins with the reason why it is long`, () => {
  const files = globSync("{cdk,functions,shared,local,test,web}/**/*.{ts,tsx,mjs,cjs,js,py}", { cwd: root });
  const tooLong = files
    .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }))
    .filter(({ text }) => text.trimEnd().split("\n").length > longest && !saysWhy(text))
    .map(({ file, text }) => `${file}: ${text.trimEnd().split("\n").length} lines`);
  expect(tooLong).toEqual([]);
  expect(files.length).toBeGreaterThan(200);
});

it("a reason counts only in the first comment", () => {
  expect(saysWhy("/**\n * The ports. It is long because they are read together.\n */\nimport x;\n")).toBe(true);
  expect(saysWhy("// It is long because a table is.\nconst x = 1;\n")).toBe(true);
  expect(saysWhy("import x;\n/** It is long because nobody split it. */\n")).toBe(false);
});
