/** What `npm run mutation` last found is what docs/mutation.md says, and good enough. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { documentOf } from "../mutation/document.ts";
import { type AreaRecord, countFolders, findSurvivors, scoreOf } from "../mutation/record.ts";

const root = join(import.meta.dirname, "../..");
const files = globSync("test/mutation/records/*.json", { cwd: root }).sort();
const records = files.map((file) => JSON.parse(readFileSync(join(root, file), "utf8")) as AreaRecord);

it.each(records)("at least nine in ten mutants of $area were noticed", ({ rows }) => {
  expect(scoreOf(rows)).toBeGreaterThanOrEqual(90);
});

it("docs/mutation.md is made of the records: npm run mutation writes it", () => {
  expect(records.length).toBeGreaterThan(0);
  expect(readFileSync(join(root, "docs/mutation.md"), "utf8")).toBe(documentOf(records));
});

it("a report is counted by folder, and what nobody runs counts as not noticed", () => {
  const source = 'const a =\n  b && "c";\n';
  const aMutant = (status: string) => ({
    ...{ mutatorName: "x", replacement: "true", status },
    location: { start: { line: 2, column: 3 }, end: { line: 2, column: 11 } },
  });
  const statuses = ["Killed", "Timeout", "Survived", "NoCoverage", "Ignored"];
  const report = { files: { "shared/a/b.ts": { source, mutants: statuses.map(aMutant) } } };
  const [row] = countFolders(report);
  expect(row).toEqual({
    ...{ folder: "shared/a", mutants: 4, killed: 1, timeouts: 1, survived: 1, noCoverage: 1, ignored: 1 },
  });
  expect(row && scoreOf([row])).toBe(50);
  const survivor = { file: "shared/a/b.ts", line: 2, original: 'b && "c"', replacement: "true" };
  expect(findSurvivors(report)).toEqual([survivor, survivor]);
});
