/** What `npm run mutation` last found is what docs/mutation.md says, and good enough. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { documentOf } from "../mutation/document.ts";
import { type AreaRecord, countFolders, findSurvivors, scoreOf } from "../mutation/record.ts";
import { afterRetry, linesOf } from "../mutation/retry.ts";

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

describe("what survived, tried again", () => {
  const survivor = { file: "shared/a/b.ts", line: 2, original: "{ return b; }", replacement: "{}" };

  it("is looked for by its text, over the ends of lines, nearest to where it was", () => {
    const source = "() => {\n  return b;\n};\n\n() => { return b; };\n";
    expect(linesOf(source, survivor)).toEqual([1, 3]);
    expect(linesOf(source, { ...survivor, line: 4 })).toEqual([5, 5]);
    expect(linesOf("() => b;\n", survivor)).toBeUndefined();
  });

  it("counts as killed where it is noticed by now, no more where it is gone, and as before where it was not tried", () => {
    const row = { mutants: 20, killed: 14, timeouts: 1, survived: 4, noCoverage: 1, ignored: 2, folder: "shared/a" };
    const names = ["still", "noticed", "timed out", "untried", "gone"];
    const survivors = names.map((original) => ({ file: "shared/a/b.ts", line: 9, original, replacement: "c" }));
    const before = { area: "a", date: "", seconds: 1, machine: "", rows: [row], survivors };
    const [still, , , untried] = survivors;
    const statuses = ["Survived", "Killed", "Timeout"];
    const mutants = statuses.map((status, index) => ({
      ...{ mutatorName: "x", replacement: "c", status },
      location: {
        start: { line: index + 1, column: 1 },
        end: { line: index + 1, column: 1 + (names[index]?.length ?? 0) },
      },
    }));
    const report = { files: { "shared/a/b.ts": { source: names.join("\n"), mutants } } };
    const lineNow = ({ original }: { readonly original: string }) =>
      original === "gone" ? undefined : names.indexOf(original) + 1;
    const after = afterRetry(before, report, lineNow);
    expect(after.rows).toEqual([{ ...row, mutants: 19, killed: 16, survived: 2, noCoverage: 0 }]);
    expect(after.survivors).toEqual([{ ...still, line: 1 }, untried]);
  });
});
