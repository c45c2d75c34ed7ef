import { reconcile } from "#shared/employee/reconcile.ts";
import type { EmployeeSet } from "./employee-set.ts";

/** How well a set was reconciled, by pairs of records. */
export interface Score {
  readonly precision: number;
  readonly recall: number;
  /** Recall where a possible match counts as found. */
  readonly withPossible: number;
  /** Possible matches by record. */
  readonly possibleShare: number;
  /** Pairs of two people that were merged, by trap. */
  readonly falsePairs: Readonly<Record<string, number>>;
}

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

/** Reconciles a set, and compares the outcome with the truth. */
export const scoreSet = ({ records, truth, traps }: EmployeeSet): Score => {
  const made = reconcile(records);
  const people = new Map<string, Map<string, number>>();
  let [merged, right] = [0, 0];
  const falsePairs: Record<string, number> = {};
  for (const { employee_id: id, sources } of made.clusters()) {
    const own = sources.map(({ individual_id: individual }) => truth.get(individual) ?? "");
    merged += pairsOf(own.length);
    for (const [at, one] of own.entries()) {
      const by = people.get(one) ?? new Map<string, number>();
      people.set(one, by.set(id, (by.get(id) ?? 0) + 1));
      for (const other of own.slice(0, at)) {
        if (one === other) right += 1;
        else falsePairs[traps.get(one) ?? ""] = (falsePairs[traps.get(one) ?? ""] ?? 0) + 1;
      }
    }
  }
  const asked = new Set(made.possibleMatches().map(({ a, b }) => [a.employee_id, b.employee_id].sort().join(" ")));
  let [all, found] = [0, 0];
  for (const by of people.values()) {
    const parts = [...by];
    all += pairsOf(parts.reduce((sum, [, count]) => sum + count, 0));
    for (const [at, [id, count]] of parts.entries()) {
      found += pairsOf(count);
      for (const [other, more] of parts.slice(0, at))
        if (asked.has([id, other].sort().join(" "))) found += count * more;
    }
  }
  return {
    precision: merged === 0 ? 1 : right / merged,
    recall: right / all,
    withPossible: found / all,
    possibleShare: asked.size / records.length,
    falsePairs,
  };
};
