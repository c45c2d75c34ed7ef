/** Why some mutants survive. */
export interface Explanation {
  readonly reason: string;
  /** The end of the file's path; empty for every file. */
  readonly file: string;
  /** Parts of `original → replacement`. */
  readonly mutants: readonly string[];
}
