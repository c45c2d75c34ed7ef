/** What reconciliation hands out, spelt as the API answers it. */
import type { Contact, Location, Source } from "./record.ts";

/** A field that is merged from an employee's records. */
export type Field =
  | "first_name"
  | "middle_name"
  | "last_name"
  | "preferred_name"
  | "dob"
  | "gender"
  | "residence"
  | "title"
  | "department"
  | "employment_status"
  | "is_active"
  | "start_date"
  | "end_date";

/** A merged field's value. */
export type Value = string | boolean | Location | null;

/** One person, of all records that are theirs. */
export interface Employee {
  /** The same from run to run, while most of the employee's records are. */
  readonly employee_id: string;
  readonly sources: readonly Source[];
  readonly fields: Readonly<Record<Field, Value>>;
  /** All of them, each once, with whatever type it had first. */
  readonly emails: readonly Contact[];
  readonly phone_numbers: readonly Contact[];
  /** That of the weakest join, from 0 to 1; 1 where nothing was joined. */
  readonly confidence: number;
  /** Each join, with its evidence: one less than there are individuals. */
  readonly why: readonly Join[];
  readonly conflicts: readonly Conflict[];
}

/** One field's part in a decision. */
export interface EvidenceLine {
  readonly field: string;
  /** How the two agree: `same`, `exact`, `slip`, `nickname`, `conflict` and so on. */
  readonly level: string;
  /** How much likelier that is of one person than of two, as a power of two. */
  readonly bits: number;
  /** What the two have there. Never of an SSN. */
  readonly values?: readonly [string, string];
}

/** Two records that were joined, and why. */
export interface Join {
  readonly a: Source;
  readonly b: Source;
  readonly rule: string;
  readonly confidence: number;
  readonly evidence: readonly EvidenceLine[];
}

/** A field in which an employee's records differ. */
export interface Conflict {
  readonly field: Field;
  readonly values: readonly { readonly value: Value; readonly sources: readonly Source[] }[];
  /** The value that was taken: that of this record. */
  readonly won: Source;
  /** The rule of survivorship that chose it. */
  readonly rule: string;
}

/** Two employees who may be one: a person has to say. */
export interface PossibleMatch {
  /** The two records that are most alike, with the employees they belong to. */
  readonly a: Source & { readonly employee_id: string };
  readonly b: Source & { readonly employee_id: string };
  /** From 0 to 0.95: what no rule joins is never surer. */
  readonly confidence: number;
  readonly why: string;
  readonly evidence: readonly EvidenceLine[];
}

/** Why two records are, or are not, one employee's. */
export interface Explanation {
  readonly a: Source;
  readonly b: Source;
  readonly merged: boolean;
  readonly outcome: "same" | "possible" | "different" | "unlike";
  /** What was decided on these two by themselves. */
  readonly rule: string;
  readonly confidence: number;
  readonly evidence: readonly EvidenceLine[];
  /** Of merged records: the joins that lead from one to the other. */
  readonly through: readonly Join[];
  /** Of records that are alike and were not merged: two of their employees' records that cannot be one person. */
  readonly kept_apart_by: Omit<Join, "confidence"> | null;
}
