import type { Figure } from "../bench/figures.ts";
import type { Machine } from "../bench/machine.ts";
import type { Report } from "../bench/report.ts";
import type { NightlyRecord } from "../testing/nightly-record.ts";
import type { WrittenFigure } from "./figure.ts";

/** What there is to publish; undefined where it was never run here. */
export interface Evidence {
  readonly bench: Report | undefined;
  readonly nightly: NightlyRecord | undefined;
  readonly counted: readonly WrittenFigure[];
}

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
            `${date.slice(0, 10)}, ${commit ?? "unknown"}`,
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

const describeNightly = (record: NightlyRecord): string => {
  const { date, commit, machine, seed, seconds, passed, failed, files, figures } = record;
  return [
    `${when(date, commit)} ${where(machine)}; seed ${seed}, ${Math.round(seconds / 60)} minutes. **${number(passed)} tests passed, ${failed} failed**, in ${files.length} files.`,
    "",
    table(
      ["claim", "figure", "see it again"],
      figures.map(({ claim, value, unit, name, command }) => [
        claim,
        `${number(value)} ${unit} (${name})`,
        `\`${command}\``,
      ]),
    ),
    "",
    table(
      ["tests", "files", "passed", "failed"],
      [...Map.groupBy(files, ({ file }) => file.split("/").slice(0, 2).join("/"))].map(([folder, inIt]) => [
        `\`${folder}\``,
        `${inIt.length}`,
        ...(["passed", "failed"] as const).map((what) => number(inIt.reduce((sum, each) => sum + each[what], 0))),
      ]),
    ),
  ].join("\n");
};

const barOf = ({ bar }: Figure): string => {
  if (bar === null) return "";
  return `${bar.of === "ratio" ? "ratio " : ""}${bar.must_be} ${bar.than}: ${bar.holds ? "holds" : "**does not hold**"}`;
};

const when = (date: string, commit: string | null): string =>
  `${date.slice(0, 16).replace("T", " ")} UTC, commit ${commit ?? "unknown"}.`;

const where = ({ cpu, cores, node }: Machine): string => `${cpu}, ${cores} cores, Node ${node}`;

const number = (value: number): string =>
  value.toLocaleString("en", { maximumSignificantDigits: value >= 100 ? 12 : 3 });

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
};
