/** `npm run mutation`: changes the source in small ways, one at a time, and sees that a test notices each. */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generate } from "../../local/generate.ts";
import { root } from "../../local/stack/places.ts";
import { type Area, areas } from "./areas.ts";
import { documentOf } from "./document.ts";
import { areasOfOlderCode, filesOf, fingerprintsOf } from "./fingerprint.ts";
import type { Part } from "./instrument.ts";
import { type AreaRecord, countFolders, findSurvivors, scoreOf } from "./record.ts";
import { afterRetry, isThere, partsOf } from "./retry.ts";
import { explanationOf } from "./survivors.ts";
import { withTableServer } from "./table-server.ts";
import { installTools } from "./tools.ts";
import { tryMutants } from "./try-mutants.ts";

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const lowest = 90;
const records = join(import.meta.dirname, "records");
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({
  options: { survivors: { type: "boolean" }, page: { type: "boolean" } },
  allowPositionals: true,
});

const recordOf = (name: string): AreaRecord | undefined => {
  const path = join(records, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as AreaRecord) : undefined;
};

/** What of an area is asked for: all of it, or the files whose path contains one of the arguments. */
const chosenOf = (area: Area): { readonly files: readonly string[]; readonly isWhole: boolean } => {
  const files = filesOf(area);
  if (positionals.length === 0 || positionals.includes(area.name)) return { files, isWhole: true };
  const parts = positionals.filter((part) => !areas.some((area) => area.name === part));
  return { files: files.filter((file) => parts.some((part) => file.includes(part))), isWhole: false };
};

const tryArea = async (
  area: Area,
  { files, isWhole }: ReturnType<typeof chosenOf>,
  program: string,
  endpoint: string,
) => {
  const since = performance.now();
  // Of a whole area that has a record, what had survived can be tried alone.
  const before = values.survivors === true && isWhole ? recordOf(area.name) : undefined;
  const parts: Part[] =
    before === undefined ? files.map((file) => ({ file, lines: undefined })) : partsOf(before.survivors);
  // What was tried is what is there now: who edits meanwhile has other code by then.
  const code = before === undefined ? await fingerprintsOf(files) : before.code;
  const report = await tryMutants({ area, parts, only: before?.survivors, program, endpoint, say });
  const { rows, survivors } =
    before === undefined
      ? { rows: countFolders(report), survivors: findSurvivors(report) }
      : afterRetry(before, report, isThere);
  for (const { file, line, original, replacement } of survivors.filter((each) => explanationOf(each) === undefined)) {
    say(`${file}:${line}  ${original.slice(0, 100)}  →  ${replacement.slice(0, 60)}`);
  }
  for (const row of rows) {
    say(
      `${row.folder}: ${scoreOf([row]).toFixed(1)} % of ${row.mutants}, ${row.survived + row.noCoverage} not noticed`,
    );
  }
  const seconds = Math.round((performance.now() - since) / 1_000);
  // A part of an area is no record of it.
  if (isWhole) {
    const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.versions.node}`;
    const record: AreaRecord = {
      ...{ area: area.name, date: new Date().toISOString(), seconds, machine, rows, survivors },
      ...(code && { code }),
    };
    mkdirSync(records, { recursive: true });
    writeFileSync(join(records, `${area.name}.json`), `${JSON.stringify(record, null, 2)}\n`);
  }
  return scoreOf(rows);
};

const writePage = async (): Promise<void> => {
  const files = globSync("*.json", { cwd: records }).sort();
  const recorded = files.map((file) => JSON.parse(readFileSync(join(records, file), "utf8")) as AreaRecord);
  const older = await areasOfOlderCode(areas, recorded);
  writeFileSync(join(root, "docs/mutation.md"), documentOf(recorded, older));
};

if (values.page === true) {
  await writePage();
  process.exit(0);
}
await generate();
const program = await installTools();
const scores = await withTableServer(async (endpoint) => {
  const found: [string, number][] = [];
  for (const area of areas) {
    const chosen = chosenOf(area);
    if (chosen.files.length > 0) found.push([area.name, await tryArea(area, chosen, program, endpoint)]);
  }
  return found;
});
await writePage();
if (scores.length === 0) say(`Nothing that is mutated has ${positionals.join(" or ")} in its path.`);
for (const [name, score] of scores) say(`${score >= lowest ? "✓" : "✗"} ${name}: ${score.toFixed(1)} %`);
process.exit(scores.length > 0 && scores.every(([, score]) => score >= lowest) ? 0 : 1);
