/**
 * `npm run evidence`: writes docs/evidence.md from the last benchmark (`npm run -s bench -- --all --json >
 * .local/evidence/bench.json`), the last nightly run of each test file, and what other commands have counted: here, or
 * before and elsewhere, as `docs/evidence/` has it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishEvidence } from "./evidence/published.ts";
import { withSections } from "./evidence/sections.ts";
import { evidenceSections } from "./evidence/tables.ts";
import { root } from "./stack/places.ts";

const file = join(root, "docs/evidence.md");
writeFileSync(file, withSections(readFileSync(file, "utf8"), evidenceSections(publishEvidence())));
console.log("docs/evidence.md is written.");
