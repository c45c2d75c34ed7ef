import type { Bar, Finding, Ratio } from "./finding.ts";

/** A finding summed up, as the benchmark's JSON has it. */
export interface Figure {
  readonly name: string;
  /** The measurement that found it: the word for the command line. */
  readonly measurement: string;
  readonly what: string;
  readonly unit: string;
  readonly samples: readonly number[];
  readonly min: number;
  readonly median: number;
  readonly p90: number;
  readonly ratio: Ratio | null;
  readonly bar: (Bar & { readonly holds: boolean }) | null;
}

/** Sums up what a measurement has found. */
export const toFigure = (measurement: string, { name, what, unit, samples, ratio, bar }: Finding): Figure => {
  const median = quantile(samples, 0.5);
  return {
    ...{ name, measurement, what, unit },
    samples: samples.map(rounded),
    min: rounded(quantile(samples, 0)),
    median: rounded(median),
    p90: rounded(quantile(samples, 0.9)),
    ratio: ratio === undefined ? null : { to: ratio.to, value: rounded(ratio.value) },
    bar: bar === undefined ? null : { ...bar, holds: holds(bar, bar.of === "ratio" ? ratio?.value : median) },
  };
};

/** Whether a bar holds. Of a ratio that was not measured it does not. */
const holds = ({ must_be, than }: Bar, value: number | undefined): boolean => {
  if (value === undefined) return false;
  if (must_be === "exactly") return value === than;
  return must_be === "at most" ? value <= than : value >= than;
};

/** A timed measurement's samples as a finding, compared with the baseline's. */
export const toTimedFinding = (
  { name, what }: { readonly name: string; readonly what: string },
  samples: readonly number[],
  baseline: { readonly name: string; readonly samples: readonly number[] },
): Finding => ({
  ...{ name, what, unit: "s", samples },
  ratio: { to: baseline.name, value: quantile(samples, 0.5) / quantile(baseline.samples, 0.5) },
});

/** The smallest sample that is not exceeded by this share of them (nearest rank): always one that was measured. */
export const quantile = (samples: readonly number[], share: number): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError("a measurement has no samples");
  return found;
};

/** As many digits as mean something. */
const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));
