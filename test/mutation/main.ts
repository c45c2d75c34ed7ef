/** `npm run mutation`: changes the source in small ways, one at a time, and sees that a test notices each. */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generate } from "../../local/generate.ts";
import { root } from "../../local/stack/places.ts";
import { type Area, areas } from "./areas.ts";
import { documentOf } from "./document.ts";
import { type AreaRecord, countFolders, findSurvivors, scoreOf } from "./record.ts";
import { afterRetry, lineNow, rangesOf } from "./retry.ts";
import { runStryker } from "./stryker.ts";
import { explanationOf } from "./survivors.ts";
import { withTableServer } from "./table-server.ts";
import { installTools } from "./tools.ts";

const lowest = 90;
const records = join(import.meta.dirname, "records");
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({
  options: { fresh: { type: "boolean" }, survivors: { type: "boolean" } },
  allowPositionals: true,
});

const recordOf = (name: string): AreaRecord | undefined => {
  const path = join(records, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as AreaRecord) : undefined;
};

/** What of an area is asked for: all of it, or the files whose path contains one of the arguments. */
const chosenOf = ({ name, mutate }: Area): readonly string[] => {
  if (positionals.length === 0 || positionals.includes(name)) return mutate;
  const parts = positionals.filter((part) => !areas.some((area) => area.name === part));
  const without = mutate.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1));
  const files = globSync(
    mutate.filter((glob) => !glob.startsWith("!")),
    { cwd: root, exclude: without },
  );
  return files.filter((file) => parts.some((part) => file.includes(part)));
};

const tryArea = async (area: Area, mutate: readonly string[], program: string, endpoint: string) => {
  const since = performance.now();
  // Of a whole area that has a record, what had survived can be tried alone.
  const before = values.survivors === true && mutate === area.mutate ? recordOf(area.name) : undefined;
  const tried = before === undefined ? mutate : rangesOf(before.survivors);
  if (tried.length === 0) return scoreOf(before?.rows ?? []);
  const fresh = values.fresh === true || before !== undefined;
  const report = await runStryker({ area, mutate: tried, fresh, program, endpoint });
  const { rows, survivors } =
    before === undefined
      ? { rows: countFolders(report), survivors: findSurvivors(report) }
      : afterRetry(before, report, lineNow);
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
  if (mutate === area.mutate) {
    const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.versions.node}`;
    const record: AreaRecord = { area: area.name, date: new Date().toISOString(), seconds, machine, rows, survivors };
    mkdirSync(records, { recursive: true });
    writeFileSync(join(records, `${area.name}.json`), `${JSON.stringify(record, null, 2)}\n`);
  }
  return scoreOf(rows);
};

await generate();
const program = await installTools();
const scores = await withTableServer(async (endpoint) => {
  const found: [string, number][] = [];
  for (const area of areas) {
    const mutate = chosenOf(area);
    if (mutate.length > 0) found.push([area.name, await tryArea(area, mutate, program, endpoint)]);
  }
  return found;
});
const files = globSync("*.json", { cwd: records }).sort();
const recorded = files.map((file) => JSON.parse(readFileSync(join(records, file), "utf8")) as AreaRecord);
writeFileSync(join(root, "docs/mutation.md"), documentOf(recorded));
if (scores.length === 0) say(`Nothing that is mutated has ${positionals.join(" or ")} in its path.`);
for (const [name, score] of scores) say(`${score >= lowest ? "✓" : "✗"} ${name}: ${score.toFixed(1)} %`);
process.exit(scores.length > 0 && scores.every(([, score]) => score >= lowest) ? 0 : 1);
