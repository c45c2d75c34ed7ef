/** Why some mutants of a file survive. */
export interface Explanation {
  readonly reason: string;
  /** The end of the file's path. */
  readonly file: string;
  /** Parts of `original → replacement`. */
  readonly mutants: readonly string[];
}

/** One reason in several files: which mutants of each. */
export const inFiles = (reason: string, mutants: Readonly<Record<string, readonly string[]>>): readonly Explanation[] =>
  Object.entries(mutants).map(([file, own]) => ({ reason, file, mutants: own }));
