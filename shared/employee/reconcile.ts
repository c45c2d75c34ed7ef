/**
 * Finch's records in, employees out. No clock, no chance, no I/O: the same records give the same employees, whatever their order.
 */
import { Decisions } from "./decisions.ts";
import type { Employee, Explanation, PossibleMatch } from "./employee.ts";
import { Engine, type Group } from "./engine.ts";
import { describeEmployee } from "./explain/employees.ts";
import { explainPair } from "./explain/explain.ts";
import { findPossibleMatches } from "./explain/possible-matches.ts";
import { applyChanges, type Changes } from "./incremental/apply-changes.ts";
import { type Decision, type EmployeeRecord, identityOf, type Source } from "./record.ts";
import { Roster } from "./roster.ts";
import { type Survivorship, sourceOf } from "./survive/survivorship.ts";

/** How to reconcile. All of it may be left out. */
export interface ReconcileOptions {
  readonly decisions?: readonly Decision[];
  readonly survivorship?: Survivorship;
  /** Employee ids of an earlier run: they stay with whoever has most of their records. */
  readonly knownIds?: readonly Pick<Employee, "employee_id" | "sources">[];
}

/** An individual of a connection. */
export type IndividualRef = Pick<Source, "connection_id" | "individual_id">;

/** The outcome of a run. What is asked of it is worked out then. */
export interface Reconciliation {
  readonly counts: {
    readonly individuals: number;
    readonly employees: number;
    /** Pairs that were compared, in this run and those before it. */
    readonly compared: number;
  };
  /** All employees, in the order of their first source. */
  employees(): Iterable<Employee>;
  /** Every employee's id and sources, in the same order: what `employees` begins with, at a fraction of the cost. */
  clusters(): Iterable<Pick<Employee, "employee_id" | "sources">>;
  employee(employeeId: string): Employee | undefined;
  employeeOf(individual: IndividualRef): Employee | undefined;
  possibleMatches(): readonly PossibleMatch[];
  /** Why two records are one employee's, or are not; undefined when one is not there. */
  explain(a: IndividualRef, b: IndividualRef): Explanation | undefined;
  /** Of a run of changes: ids of employees that are new or have changed, and of those that are gone; else undefined. */
  readonly changed?: { readonly employee_ids: readonly string[]; readonly gone: readonly string[] };
}

const states = new WeakMap<
  Reconciliation,
  { readonly engine: Engine; readonly survivorship: Survivorship | undefined }
>();

/** Reconciles records. */
export const reconcile = (records: Iterable<EmployeeRecord>, options: ReconcileOptions = {}): Reconciliation => {
  const roster = new Roster();
  roster.putAll(records);
  const engine = new Engine(roster, new Decisions(options.decisions));
  engine.linkAll();
  const known = new Map<string, string>();
  for (const { employee_id, sources } of options.knownIds ?? []) {
    for (const source of sources) known.set(identityOf(source), employee_id);
  }
  engine.group(roster.people.keys(), (identity) => known.get(identity));
  return present(engine, options.survivorship);
};

/**
 * Reconciles what has changed since a run, at the cost of what has changed. The outcome is that of reconciling all records
 * with the ids of `previous`. It takes `previous` over, which must not be used afterwards.
 *
 * @throws RangeError when `previous` was taken over before.
 */
export const reconcileChanges = (previous: Reconciliation, changes: Changes): Reconciliation => {
  const state = states.get(previous);
  if (!state) throw new RangeError("this reconciliation was taken over by a later one");
  states.delete(previous);
  const changed = applyChanges(state.engine, changes);
  return present(state.engine, state.survivorship, changed);
};

const present = (
  engine: Engine,
  survivorship: Survivorship | undefined,
  changed?: NonNullable<Reconciliation["changed"]>,
): Reconciliation => {
  const ordered = (): readonly Group[] =>
    [...engine.byId.values()].sort((a, b) => engine.order(a.members[0] ?? -1, b.members[0] ?? -1));
  const describe = (group: Group | undefined) => group && describeEmployee(engine, group, survivorship);
  const reconciliation: Reconciliation = {
    counts: {
      individuals: engine.roster.size,
      employees: engine.byId.size,
      compared: engine.compared,
    },
    *employees() {
      for (const group of ordered()) yield describeEmployee(engine, group, survivorship);
    },
    *clusters() {
      for (const { employeeId, members } of ordered()) {
        yield {
          employee_id: employeeId,
          sources: members.flatMap((member) => engine.person(member).records.map(sourceOf)),
        };
      }
    },
    employee: (employeeId) => describe(engine.byId.get(employeeId)),
    employeeOf: (individual) => describe(engine.groups[engine.roster.find(identityOf(individual)) ?? -1]),
    possibleMatches: () => findPossibleMatches(engine),
    explain: (a, b) => explainPair(engine, a, b),
    ...(changed && { changed }),
  };
  states.set(reconciliation, { engine, survivorship });
  return reconciliation;
};
