import type { BudgetName } from "./budget.ts";
import type { Spent } from "./window.ts";

/** Which of a bucket's two numbers a grant counts in. */
export type Kind = "background" | "interactive";

/** A grant to be counted. */
export interface Counting {
  readonly kind: Kind;
  readonly bucket: number;
  /** The state that it was decided on. */
  readonly spent: Spent;
  /** How many grants beyond those of `spent` may have been counted by now. */
  readonly tolerates: number;
  /** Buckets before this one are forgotten. */
  readonly firstKept: number;
}

/** What has been granted of each budget, in one place for all of a deployment. */
export interface BudgetStore {
  readonly find: (name: BudgetName) => Promise<Spent>;
  /**
   * Counts a grant, unless more has been counted since than it tolerates. Says what has been granted by now either way.
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
}
