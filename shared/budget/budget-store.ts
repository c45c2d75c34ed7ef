import type { BudgetName } from "./budget.ts";
import type { Spent } from "./window.ts";

/** Which of a bucket's two numbers a grant counts in. */
export type Kind = "background" | "interactive";

/** A grant to be counted. */
export interface Counting {
  readonly kind: Kind;
  readonly bucket: number;
  /** The state that it was decided on; undefined for who knows of none, and decides on the one that there is then. */
  readonly spent: Spent | undefined;
  /** How many grants beyond those of `spent` may have been counted by now. */
  readonly tolerates: number;
  /** Buckets before this one are forgotten. */
  readonly firstKept: number;
}

/** What has been granted of each budget, in one place for all of a deployment. */
export interface BudgetStore {
  /**
   * Counts a grant, unless more has been counted since than it tolerates. On no state, it is counted whatever there is, if
   * there is anything. Says what has been granted by now either way.
   * A grant is used only once it is counted.
   */
  readonly count: (
    name: BudgetName,
    counting: Counting,
  ) => Promise<{ readonly counted: boolean; readonly spent: Spent }>;
  /**
   * Takes a grant back that was counted. For whoever has it and has sent nothing on it; after a crash nobody knows that any
   * more, and the grant stays counted. `version` goes on: it says how many were ever counted.
   */
  readonly giveBack: (name: BudgetName, grant: { readonly kind: Kind; readonly bucket: number }) => Promise<void>;
  /** Lets nothing of a budget be granted until a moment, or until a later one that was said before. */
  readonly hold: (name: BudgetName, until: Date) => Promise<void>;
}
