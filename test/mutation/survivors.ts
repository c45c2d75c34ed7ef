import type { Survivor } from "./record.ts";

/** Why some mutants survive. */
interface Explanation {
  readonly reason: string;
  /** The end of the file's path. */
  readonly file: string;
  /** Parts of `original → replacement`. */
  readonly mutants: readonly string[];
}

/** One entry for each reason in each file. */
const explanations: readonly Explanation[] = [];

/** Why this one survives; undefined while nobody knows. */
export const explanationOf = ({ file, original, replacement }: Survivor): string | undefined =>
  explanations.find(
    (each) => file.endsWith(each.file) && each.mutants.some((part) => `${original} → ${replacement}`.includes(part)),
  )?.reason;
