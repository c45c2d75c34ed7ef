import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { generate } from "../../../local/generate.ts";

const project = join(import.meta.dirname, "../../..");
const yaml = readFileSync(join(project, "docs/openapi.yaml"), "utf8");
const work = mkdtempSync(join(tmpdir(), "perch-generate-"));
afterAll(() => rmSync(work, { recursive: true }));

const generateFrom = async (text: string, name: string): Promise<boolean> => {
  const documentFile = join(work, `${name}.yaml`);
  writeFileSync(documentFile, text);
  return generate({ documentFile, outputFolder: join(work, name) });
};
const filesIn = (name: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(work, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((file) => [file.slice(join(work, name).length), readFileSync(file, "utf8")]),
  );

describe("the generator", () => {
  it("writes the same from the same, and nothing when nothing changed", async () => {
    expect(await generateFrom(yaml, "first")).toBe(true);
    expect(await generateFrom(yaml, "second")).toBe(true);
    expect(filesIn("first")).toEqual(filesIn("second"));
    expect(await generateFrom(yaml, "first")).toBe(false);
  });

  it("writes again when the document changes, and removes what it no longer names", async () => {
    await generateFrom(yaml, "third");
    expect(await generateFrom(yaml.replaceAll("get-health", "get-state"), "third")).toBe(true);
    const operations = Object.keys(filesIn("third")).filter((file) => /get-(health|state)/.test(file));
    expect(operations).toEqual(["/operations/get-state.d.ts", "/operations/get-state.js"]);
  });

  it("lets no operation be public by forgetting its security", async () => {
    const forgotten = yaml.replace('      security: [{ oauth2: ["perch/customers:read"] }]\n', "");
    await expect(generateFrom(forgotten, "fourth")).rejects.toThrow("GET /v1/customers: security is missing");
  });

  it.each([
    ["a function", "      x-perch-function: get-health\n", "", "x-perch-function is missing"],
    ["a reference", 'schemas/Health"', 'schemas/Wealth"', "does not exist"],
    ["an operation's own name", "operationId: get-health", "operationId: get-openapi", "names two operations"],
  ])("says what is wrong when %s is missing", async (_, found, replacement, message) => {
    await expect(generateFrom(yaml.replace(found, replacement), "fifth")).rejects.toThrow(message);
  });

  it("writes validators that need nothing but their own text", () => {
    for (const [file, text] of Object.entries(filesIn("first"))) {
      if (file.startsWith("/operations/")) expect([file, /require\(|ajv/.test(text)]).toEqual([file, false]);
    }
  });
});
