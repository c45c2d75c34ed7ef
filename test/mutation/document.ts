import { areas } from "./areas.ts";
import { type AreaRecord, scoreOf } from "./record.ts";
import { explanationOf } from "./survivors.ts";

/** `docs/mutation.md`: what the last run of each area found, of which code (`older`: areas that have other code by now), and why what survived did. */
export const documentOf = (records: readonly AreaRecord[], older: ReadonlySet<string>): string => {
  const rows = records.flatMap(({ area, date, seconds, rows }) =>
    rows.map(
      (row, index) =>
        `| ${area} | \`${row.folder}\` | ${row.mutants} | ${row.killed} | ${row.timeouts} | ${row.survived} | ${row.noCoverage} | ${row.ignored} | ${scoreOf([row]).toFixed(1)} % | ${index === 0 ? `${seconds} s` : ""} | ${date.slice(0, 10)} | ${index > 0 ? "" : older.has(area) ? "older" : "today's"} |`,
    ),
  );
  const missing = areas.map(({ name }) => name).filter((name) => records.every(({ area }) => area !== name));
  const machines = [...new Set(records.map(({ machine }) => machine))];
  return `# Mutation testing

\`npm run mutation\` changes the source in small ways, one at a time, runs the tests that run the changed line, and counts what
they notice: a condition that is always true, a text that is empty, a call left out. [Stryker](https://stryker-mutator.io/)
makes the changes, each behind a switch, and one process runs the tests with each in turn. It writes this page;
\`npm run mutation -- vault\` tries one area, \`-- shared/http/page.ts\` one file, and \`--survivors\` only what survived the last
time. Below 90 % it fails. \`test/unit/mutation-records.test.ts\` fails where a survivor has no explanation, and where an
explanation has no survivor: no new one comes without a reason or a test, and a reason goes with the mutant that it is for.

| area | folder | mutants | killed | timed out | survived | not run | left out | score | time | date | code |
|---|---|---|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}

Score: killed and timed out, of the mutants that were tried. *Not run* are mutants on lines that none of the area's tests runs;
they count as survived. *Left out* are mutants of what runs once while a module loads, such as a table of constants: each would
need a new process with all tests. A test has noticed a mutant if it fails with it and passes without it right afterwards. Only tests that run in seconds without a deployed stack take part
(\`test/mutation/areas.ts\`): what a journey alone would notice counts as survived here.

*Code* says whether the area's files are those of which all mutants were tried, but for types and comments: of *older* code, what
came since is in no figure. \`npm run mutation -- --page\` writes that anew, in a second; the test that holds this page to its
records fails until then.

Measured on ${machines.join("; ") || "nothing yet"}, one mutant at a time, beside other work. The time is the
last run's, which may have tried again only what had survived the one before.
${missing.length === 0 ? "" : `\n**Not measured to the end yet, so without a score: ${missing.join(", ")}.**\n`}
## What survived, and why

${survivorsOf(records)}
`;
};

const survivorsOf = (records: readonly AreaRecord[]): string => {
  const groups = new Map<string, string[]>();
  for (const survivor of records.flatMap(({ survivors }) => survivors)) {
    const reason = explanationOf(survivor) ?? "Not explained yet";
    const line = `- \`${survivor.file}\`: ${code(survivor.original)} → ${code(survivor.replacement)}`;
    groups.set(reason, [...(groups.get(reason) ?? []), line]);
  }
  if (groups.size === 0) return "Nothing.";
  return [...groups]
    .map(([reason, lines]) => `**${reason}** (${lines.length})\n\n${[...new Set(lines)].join("\n")}`)
    .join("\n\n");
};

const code = (text: string): string => {
  const short = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return short.includes("`") ? `\`\` ${short} \`\`` : `\`${short === "" ? " " : short}\``;
};
