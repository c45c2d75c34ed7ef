/** What a measurement has found: one figure, with all that was measured for it. */
export interface Finding {
  /** Its word in the JSON, unlike any other's, such as `import-cpu list-connections`. */
  readonly name: string;
  /** What the figure is, so that somebody who reads only this knows. */
  readonly what: string;
  /** Such as `s`, `ms`, `KB`, `items`, `requests/s`; `times` for a ratio that has no unit. */
  readonly unit: string;
  /** At least one; the figure is their median. What is counted has one. */
  readonly samples: readonly number[];
  /** The figure as a multiple of something else that was measured in the same run. */
  readonly ratio?: Ratio;
  /** What the figure, or its ratio, must be. */
  readonly bar?: Bar;
}

/** Machines differ and are busy: what can be compared between them is a ratio to something that ran beside it. */
export interface Ratio {
  /** What it is a multiple of. */
  readonly to: string;
  readonly value: number;
}

/** What must hold. */
export interface Bar {
  /** Whether the figure or its ratio is held to it. */
  readonly of: "figure" | "ratio";
  readonly must_be: "at most" | "at least" | "exactly";
  readonly than: number;
}

/** Prints what a program of a local measurement has found, for the benchmark that started it. */
export const printFindings = (findings: readonly Finding[]): void => {
  process.stdout.write(`${JSON.stringify(findings)}\n`);
};

/** How many samples a program of a local measurement was asked for. */
export const roundsAsked = (args: readonly string[] = process.argv): number => {
  const at = args.indexOf("--rounds");
  return at === -1 ? 10 : Number(args[at + 1]);
};
