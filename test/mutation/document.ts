import { areas } from "./areas.ts";
import { type AreaRecord, scoreOf } from "./record.ts";
import { explanationOf } from "./survivors.ts";

/** `docs/mutation.md`: what the last run of each area found, and why what survived did. */
export const documentOf = (records: readonly AreaRecord[]): string => {
  const rows = records.flatMap(({ area, date, seconds, rows }) =>
    rows.map(
      (row, index) =>
        `| ${area} | \`${row.folder}\` | ${row.mutants} | ${row.killed} | ${row.timeouts} | ${row.survived} | ${row.noCoverage} | ${row.ignored} | ${scoreOf([row]).toFixed(1)} % | ${index === 0 ? `${seconds} s` : ""} | ${date.slice(0, 10)} |`,
    ),
  );
  const missing = areas.map(({ name }) => name).filter((name) => records.every(({ area }) => area !== name));
  const machines = [...new Set(records.map(({ machine }) => machine))];
  return `# Mutation testing

\`npm run mutation\` changes the source in small ways, one at a time ([Stryker](https://stryker-mutator.io/)), runs the tests that
run the changed line, and counts what they notice: a condition that is always true, a text that is empty, a call left out.
It writes this page; \`npm run mutation -- vault\` tries one area, \`-- shared/http/page.ts\` one file, \`--survivors\` only what
survived the last time, and \`--fresh\` also what has not changed since. Below 90 % it fails.

| area | folder | mutants | killed | timed out | survived | not run | left out | score | time | date |
|---|---|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}

Score: killed and timed out, of the mutants that were tried. *Not run* are mutants on lines that none of the area's tests runs;
they count as survived. *Left out* are mutants of what runs once while a module loads, such as a table of constants: each would
need a new process with all tests. Only tests that run in seconds without a deployed stack take part
(\`test/mutation/areas.ts\`): what a journey alone would notice counts as survived here.

Measured on ${machines.join("; ") || "nothing yet"}, two mutants at a time, beside other work. The time is the
last run's, which tried again only what had changed since the one before.
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
