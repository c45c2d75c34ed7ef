import type { Figure } from "../bench/figures.ts";
import type { Machine } from "../bench/machine.ts";
import type { Report } from "../bench/report.ts";
import type { NightlyFile, NightlyRecord } from "../testing/nightly-record.ts";
import type { Evidence } from "./published.ts";

const never = "Not run yet.";

/** The parts of `docs/evidence.md`. */
export const evidenceSections = ({ bench, nightly, counted }: Evidence): Readonly<Record<string, string>> => ({
  bench: bench === undefined ? never : describeBench(bench),
  "not-measured": bench === undefined ? never : bench.not_measured_on_aws.map((each) => `- ${each}`).join("\n"),
  nightly: nightly === undefined ? never : describeNightly(nightly),
  counted:
    counted.length === 0
      ? never
      : table(
          ["claim", "figure", "when, commit", "see it again"],
          counted.map(({ claim, value, unit, name, date, commit, command }) => [
            claim,
            `${number(value)} ${unit} (${name})`,
            day(date, commit),
            `\`${command}\``,
          ]),
        ),
});

const describeBench = ({ date, commit, machine, load_average_after, figures }: Report): string =>
  [
    `${when(date, commit)} ${where(machine)}; load average ${machine.load_average[0]} before, ${load_average_after[0]} after.`,
    "",
    table(
      ["claim", "figure", "n", "beside", "bar", "see it again"],
      figures.map((figure) => [
        `${figure.name}: ${figure.what}`,
        `${number(figure.median)} ${figure.unit}`,
        `${figure.samples.length}`,
        figure.ratio === null ? "" : `${number(figure.ratio.value)} × ${figure.ratio.to}`,
        barOf(figure),
        `\`npm run bench -- ${figure.measurement}\``,
      ]),
    ),
  ].join("\n");

const describeNightly = ({ machine, files, figures }: NightlyRecord): string =>
  [
    `The last run of each of ${files.length} files, by one command or one by one: **${number(sum(files, "passed"))} tests passed, ${sum(files, "failed")} failed**. ${where(machine)}.`,
    "",
    table(
      ["claim", "figure", "when, commit", "see it again"],
      figures.map(({ claim, value, unit, name, date, commit, command }) => [
        claim,
        `${number(value)} ${unit} (${name})`,
        day(date, commit),
        `\`${command}\``,
      ]),
    ),
    "",
    table(
      ["tests", "files", "passed", "failed", "seconds", "load average before", "when, commit"],
      [...Map.groupBy(files, groupOf)].map(([name, inIt]) => [
        `\`${name}\``,
        `${inIt.length}`,
        ...(["passed", "failed", "seconds"] as const).map((what) => number(sum(inIt, what))),
        [...new Set(inIt.map(({ load }) => load))].join(", "),
        [...new Set(inIt.map(({ date, commit }) => day(date, commit)))].join("; "),
      ]),
    ),
  ].join("\n");

/** What takes long is told of one by one, the rest by its folder. */
const groupOf = ({ file }: NightlyFile): string =>
  file.startsWith("test/nightly/") ? file : file.split("/").slice(0, 2).join("/");

const sum = (files: readonly NightlyFile[], what: "passed" | "failed" | "seconds"): number =>
  files.reduce((total, each) => total + each[what], 0);

const barOf = ({ bar }: Figure): string => {
  if (bar === null) return "";
  return `${bar.of === "ratio" ? "ratio " : ""}${bar.must_be} ${bar.than}: ${bar.holds ? "holds" : "**does not hold**"}`;
};

const day = (date: string, commit: string | null): string => `${date.slice(0, 10)}, ${commit ?? "unknown"}`;

const when = (date: string, commit: string | null): string =>
  `${date.slice(0, 16).replace("T", " ")} UTC, commit ${commit ?? "unknown"}.`;

const where = ({ cpu, cores, node }: Machine): string => `${cpu}, ${cores} cores, Node ${node}`;

const number = (value: number): string =>
  value.toLocaleString("en", { maximumSignificantDigits: value >= 100 ? 12 : 3 });

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
};
