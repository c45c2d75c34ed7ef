/**
 * `npm run evidence`: writes docs/evidence.md from the last benchmark (`npm run -s bench -- --all --json >
 * .local/evidence/bench.json`), the last nightly run, and what other commands have counted.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "./bench/report.ts";
import { commandFigures, readFigures } from "./evidence/figure.ts";
import { withSections } from "./evidence/sections.ts";
import { evidenceSections } from "./evidence/tables.ts";
import { root, sharedFolder } from "./stack/places.ts";
import { type NightlyRecord, nightlyRecord } from "./testing/nightly-record.ts";

const read = <Document>(file: string): Document | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Document) : undefined;

const file = join(root, "docs/evidence.md");
const sections = evidenceSections({
  bench: read<Report>(join(sharedFolder, "evidence/bench.json")),
  nightly: read<NightlyRecord>(nightlyRecord),
  counted: readFigures(commandFigures),
});
writeFileSync(file, withSections(readFileSync(file, "utf8"), sections));
console.log("docs/evidence.md is written.");
