/** `npm run planted`: plants each bug in a copy of the source, and sees that its test finds it. */
import { commandFigures, writeFigure } from "../../local/evidence/figure.ts";
import { generate } from "../../local/generate.ts";
import { bugs } from "./bugs.ts";
import { hunt } from "./hunt.ts";
import { tableOf } from "./table.ts";

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const filters = process.argv.slice(2);
const say = (line: string) => void process.stdout.write(`${line}\n`);
const chosen = bugs.filter(
  ({ name, file }) => filters.length === 0 || filters.some((part) => `${name} ${file}`.includes(part)),
);
if (chosen.length === 0) say(`No bug has ${filters.join(" or ")} in its name or file.`);
await generate();
const since = performance.now();
let done = 0;
const hunted = await hunt(chosen, ({ bug, seconds, problem }) => {
  done += 1;
  say(`${done}/${chosen.length} ${problem === undefined ? "✓" : "✗"} ${bug.name}  ${seconds.toFixed(1)} s`);
  if (problem !== undefined) say(`  ${problem}`);
});
const lost = hunted.filter(({ problem }) => problem !== undefined);
say(`\n${tableOf(hunted)}\n`);
for (const { bug, problem } of lost) say(`✗ ${bug.name} (${bug.sentence}): ${problem}`);
say(`It took ${((performance.now() - since) / 1_000).toFixed(0)} s.`);
say(`${hunted.length - lost.length} found, ${lost.length} not found`);
if (filters.length === 0 && lost.length === 0) {
  const claim = "Each mistake that is planted in a copy of the source is found by the test that is named for it";
  const command = "npm run planted";
  writeFigure({ name: "planted bugs found", value: hunted.length, unit: "bugs", claim, command }, commandFigures);
}
process.exit(hunted.length > 0 && lost.length === 0 ? 0 : 1);
