import type { Figure } from "./figures.ts";
import type { Bar } from "./finding.ts";
import type { Machine } from "./machine.ts";
import { toTable } from "./text-table.ts";

/** What a run of the benchmark has found; `report.schema.json` describes it for other programs. */
export interface Report {
  /** When it began. */
  readonly date: string;
  /** The commit that was measured, with `+` where files were changed since; null outside of git. */
  readonly commit: string | null;
  /** As it was before; and how busy it was after. */
  readonly machine: Machine;
  readonly load_average_after: readonly number[];
  /** What none of the figures says. */
  readonly not_measured_on_aws: readonly string[];
  readonly figures: readonly Figure[];
}

/** The report for people. */
export const describeReport = (report: Report): string => {
  const { machine, load_average_after: after, figures, not_measured_on_aws: notMeasured } = report;
  const { cpu, cores, load_average: before, node } = machine;
  const rows = figures.map(({ name, unit, samples, min, median, p90, ratio, bar }) => [
    name,
    `${samples.length}`,
    ...(samples.length === 1 ? ["", digits(median), ""] : [min, median, p90].map(digits)),
    unit,
    ratio === null ? "" : `${digits(ratio.value)} x ${ratio.to}`,
    bar === null ? "" : `${describeBar(bar)}: ${bar.holds ? "holds" : "DOES NOT HOLD"}`,
  ]);
  return [
    `${report.date}, commit ${report.commit ?? "unknown"}`,
    `Machine: ${cpu}, ${cores} cores, Node ${node}; load average ${before.join(" ")} before, ${after.join(" ")} after.`,
    "",
    toTable(["figure", "n", "min", "median", "p90", "unit", "ratio of medians", "bar"], rows, [1, 2, 3, 4]),
    "",
    ...figures.map(({ name, what }) => `${name}: ${what}`),
    "",
    "Not measured on AWS:",
    ...notMeasured.map((sentence) => `- ${sentence}`),
  ].join("\n");
};

/** Such as `ratio at most 1.3`. */
const describeBar = ({ of, must_be, than }: Bar): string => `${of === "ratio" ? "ratio " : ""}${must_be} ${than}`;

const digits = (value: number): string => (Number.isInteger(value) ? `${value}` : value.toPrecision(3));
