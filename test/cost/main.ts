/** `npm run cost`: what AWS would bill for what is counted here. `--json` for programs; `--write` writes it into docs/cost.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { toTable } from "../../local/bench/text-table.ts";
import { withSections } from "../../local/evidence/sections.ts";
import { generate } from "../../local/generate.ts";
import { root } from "../../local/stack/places.ts";
import { createReport } from "./report.ts";
import { sectionsOf } from "./sections.ts";
import { countsTable, monthTable, perMillionTable, type Table } from "./tables.ts";

const help = `npm run cost             what a million of each call, and 10,000 connections, would cost on AWS
npm run cost -- --json   prints JSON; "npm run -s cost -- --json" prints nothing else
npm run cost -- --write  writes the tables into docs/cost.md`;

const say = (text: string) => void process.stdout.write(`${text}\n`);
const plain = ({ head, rows, numeric }: Table) => {
  const bare = (cells: readonly string[]) => cells.map((cell) => cell.replaceAll("**", ""));
  return toTable(bare(head), rows.map(bare), numeric);
};

const { values } = parseArgs({
  options: { json: { type: "boolean" }, write: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
if (values.help) {
  say(help);
  process.exit(0);
}
await generate();
const report = await createReport();
if (values.json) say(JSON.stringify(report, null, 2));
else {
  const { region, date } = report.prices;
  say(
    `Dollars for a million of each; list prices of ${region} as of ${date}, without free tiers. Not measured on AWS.\n`,
  );
  say(`${plain(perMillionTable(report))}\n`);
  say("What was counted for one of each, with kms; the milliseconds are assumed (docs/cost.md)\n");
  say(`${plain(countsTable(report))}\n`);
  say("Dollars a month, without any call\n");
  say(plain(monthTable(report)));
}
if (values.write) {
  const file = join(root, "docs/cost.md");
  writeFileSync(file, withSections(readFileSync(file, "utf8"), sectionsOf(report)));
}
process.exit(0);
