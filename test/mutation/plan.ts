/** Names the file with the plan that the tests' process reads. */
export const planVariable = "PERCH_MUTATION_PLAN";

/** What one run of an area's tests is to do. */
export interface Plan {
  readonly tests: readonly string[];
  /** The text of each file that is mutated, by its path. */
  readonly files: Readonly<Record<string, string>>;
  /** Takes a line of JSON for each event. */
  readonly log: string;
  /** Says which mutant is being tried. */
  readonly marker: string;
  /** Mutants that were noticed before. */
  readonly found: readonly string[];
  /** Pairs of a mutant and a test that has not noticed it before. */
  readonly passed: readonly string[];
  /** Tests that look after each mutant whether it has left anything behind. */
  readonly unclear: readonly string[];
}

/** What happens while the tests run. */
export type Event =
  | { readonly kind: "covered"; readonly mutants: readonly string[] }
  | { readonly kind: "passed" | "killed" | "timeout"; readonly mutant: string; readonly test: string }
  /** A test fails without a mutant, because of what another has left behind. */
  | { readonly kind: "unclear"; readonly test: string }
  /** A file's tests have run. Static are mutants that were come by while modules were loaded. */
  | { readonly kind: "loaded"; readonly static: readonly string[] };
