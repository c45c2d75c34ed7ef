/** What `npm run mutation` last found is what docs/mutation.md says, and good enough. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { areas } from "../mutation/areas.ts";
import { documentOf } from "../mutation/document.ts";
import { areasOfOlderCode, changedSince, fingerprintOf } from "../mutation/fingerprint.ts";
import { type AreaRecord, countFolders, findSurvivors, scoreOf } from "../mutation/record.ts";
import { afterRetry, linesOf } from "../mutation/retry.ts";
import { allExplanations, explanationOf } from "../mutation/survivors.ts";

const root = join(import.meta.dirname, "../..");
const files = globSync("test/mutation/records/*.json", { cwd: root }).sort();
const records = files.map((file) => JSON.parse(readFileSync(join(root, file), "utf8")) as AreaRecord);

it.each(records)("at least nine in ten mutants of $area were noticed", ({ rows }) => {
  expect(scoreOf(rows)).toBeGreaterThanOrEqual(90);
});

it.each(records)("every survivor of $area is explained", ({ survivors }) => {
  expect(survivors.filter((survivor) => explanationOf(survivor) === undefined)).toEqual([]);
});

it("every area has a record", () => {
  expect(records.map(({ area }) => area)).toEqual(areas.map(({ name }) => name).toSorted());
});

it("each explanation is for a survivor that there is, of one file", () => {
  const all = records.flatMap(({ survivors }) => survivors);
  const meant = allExplanations.flatMap(({ file, mutants }) => mutants.map((part) => ({ file, part })));
  const filesOf = ({ file, part }: (typeof meant)[number]) =>
    new Set(
      all
        .filter((each) => each.file.endsWith(file) && `${each.original} → ${each.replacement}`.includes(part))
        .map((each) => each.file),
    );
  expect(meant.filter((each) => filesOf(each).size !== 1)).toEqual([]);
});

it("docs/mutation.md is made of the records, and says which are of older code: npm run mutation -- --page writes it", async () => {
  expect(records.length).toBeGreaterThan(0);
  const older = await areasOfOlderCode(areas, records);
  expect(readFileSync(join(root, "docs/mutation.md"), "utf8")).toBe(documentOf(records, older));
});

describe("the code that a record is of", () => {
  it("is the same with other types, comments and line breaks, and another with anything that runs", async () => {
    const source = "export const isLong = (text: string) => text.length > 3;\n";
    const same =
      "/** Whether it is. */\nexport const isLong =\n  (text: string | URL): boolean => text.length > 3; // four\n";
    const fingerprint = await fingerprintOf(source);
    expect(await fingerprintOf(same)).toBe(fingerprint);
    expect(await fingerprintOf(source.replace("> 3", ">= 3"))).not.toBe(fingerprint);
  });

  it("is older where a file is another, has come or has gone, and where nobody noted it", () => {
    const code = { "shared/a/b.ts": "1", "shared/a/c.ts": "2" };
    expect(changedSince({ code }, { ...code })).toEqual([]);
    const now = { "shared/a/b.ts": "3", "shared/a/d.ts": "4" };
    expect(changedSince({ code }, now)).toEqual(["shared/a/b.ts", "shared/a/c.ts", "shared/a/d.ts"]);
    expect(changedSince({}, code)).toEqual(["shared/a/b.ts", "shared/a/c.ts"]);
  });
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

  it("is looked for by its text, over the ends of lines, wherever that is", () => {
    const source = "() => {\n  return b;\n};\n\n() => { return b; };\n";
    expect(linesOf(source, survivor)).toEqual([
      [1, 3],
      [5, 5],
    ]);
    expect(linesOf("() => b;\n", survivor)).toEqual([]);
  });

  it("counts as killed where it is noticed by now, no more where it is gone or runs at loading only, and as before where it was not tried", () => {
    const row = { mutants: 20, killed: 14, timeouts: 1, survived: 4, noCoverage: 1, ignored: 2, folder: "shared/a" };
    const names = ["still", "noticed", "timed out", "at loading", "untried", "gone"];
    const survivors = names.map((original) => ({ file: "shared/a/b.ts", line: 9, original, replacement: "c" }));
    const before = { area: "a", date: "", seconds: 1, machine: "", rows: [row], survivors };
    const [still, , , , untried] = survivors;
    const statuses = ["Survived", "Killed", "Timeout", "Ignored"];
    const mutants = statuses.map((status, index) => ({
      ...{ mutatorName: "x", replacement: "c", status },
      location: {
        start: { line: index + 1, column: 1 },
        end: { line: index + 1, column: 1 + (names[index]?.length ?? 0) },
      },
    }));
    const report = { files: { "shared/a/b.ts": { source: names.join("\n"), mutants } } };
    const after = afterRetry(before, report, ({ original }) => original !== "gone");
    expect(after.rows).toEqual([{ ...row, mutants: 18, killed: 15, survived: 2, noCoverage: 0, ignored: 3 }]);
    expect(after.survivors).toEqual([{ ...still, line: 1 }, untried]);
  });
});
