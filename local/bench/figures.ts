import type { Machine } from "./machine.ts";

/** What a measurement's samples come to, in seconds. */
export interface Figure {
  readonly name: string;
  readonly what: string;
  readonly samples: readonly number[];
  readonly min: number;
  readonly median: number;
  readonly p90: number;
  /** The median in medians of the baseline; null where the baseline was not measured. */
  readonly times_baseline: number | null;
}

/** What a run of the benchmark has found. */
export interface Report {
  readonly not_measured_on_aws: true;
  /** As it was before and after. */
  readonly machine: Machine;
  readonly load_average_after: readonly number[];
  readonly unit: "seconds";
  readonly figures: readonly Figure[];
}

/** The samples of a measurement. */
export interface Samples {
  readonly name: string;
  readonly what: string;
  readonly samples: readonly number[];
}

/** Sums up each measurement, and compares it with the baseline. */
export const toFigures = (all: readonly Samples[], baselineName: string): readonly Figure[] => {
  const base = all.find(({ name }) => name === baselineName);
  return all.map(({ name, what, samples }) => {
    const median = quantile(samples, 0.5);
    return {
      name,
      what,
      samples: samples.map(toMilliseconds),
      min: toMilliseconds(quantile(samples, 0)),
      median: toMilliseconds(median),
      p90: toMilliseconds(quantile(samples, 0.9)),
      times_baseline: base === undefined ? null : Math.round((median / quantile(base.samples, 0.5)) * 10) / 10,
    };
  });
};

/** The smallest sample that is not exceeded by this share of them (nearest rank): always one that was measured. */
export const quantile = (samples: readonly number[], share: number): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError("a measurement has no samples");
  return found;
};

const toMilliseconds = (seconds: number): number => Math.round(seconds * 1_000) / 1_000;

/** The report for people. */
export const describeReport = ({ machine, load_average_after: after, figures }: Report): string => {
  const { cpu, cores, load_average: before, node } = machine;
  const rows = figures.map(({ name, samples, min, median, p90, times_baseline: times }) => [
    name,
    `${samples.length}`,
    ...[min, median, p90].map((seconds) => seconds.toFixed(3)),
    times === null ? "-" : times.toFixed(1),
  ]);
  return [
    `Machine: ${cpu}, ${cores} cores, Node ${node}; load average ${before.join(" ")} before, ${after.join(" ")} after.`,
    "Not measured on AWS: an emulated AWS and a simulated Finch ran on this machine beside the benchmark.",
    "Seconds; the last column is the median in medians of api-call.",
    "",
    toTable(["measurement", "n", "min", "median", "p90", "x api-call"], rows),
    "",
    ...figures.map(({ name, what }) => `${name}: ${what}`),
  ].join("\n");
};

/** Words to the left, numbers to the right. */
const toTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return lines.map((line) => `  ${line.map(pad).join("  ")}`).join("\n");
};
