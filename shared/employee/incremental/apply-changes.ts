import type { Engine, Group } from "../engine.ts";
import type { Person } from "../normalise/person.ts";
import { type Decision, type EmployeeRecord, identityOf, type Source } from "../record.ts";
import { arrangeRecords } from "../roster.ts";
import { type Meaning, meaningsOf } from "./meaning.ts";

/** What is new since the last run. */
export interface Changes {
  /** Records that are new, or are there instead of those of the same source. */
  readonly changed?: readonly EmployeeRecord[];
  readonly removed?: readonly Source[];
  /** Decisions made since; each replaces an older one of the same two. */
  readonly decisions?: readonly Decision[];
}

type Records = readonly EmployeeRecord[];

/**
 * Brings an engine up to date. It links anew whoever changed, and whoever has a value whose frequency now means something else;
 * then it groups anew whatever hangs together with them.
 */
export const applyChanges = (
  engine: Engine,
  changes: Changes,
): { readonly employee_ids: readonly string[]; readonly gone: readonly string[] } => {
  const { roster } = engine;
  const seeds = new Set<number>();
  const anew = new Set<number>();
  const dissolved = new Map<string, Group>();
  const next = planOf(engine, changes);

  const before = new Map<string, Meaning>();
  const touched: Person[] = [];
  const read = new Map<string, Person>();
  for (const [identity, records] of next) {
    const number = roster.find(identity);
    if (number !== undefined) touched.push(engine.person(number));
    const [first, ...rest] = records;
    if (first === undefined) continue;
    const person = roster.read(identity, arrangeRecords([first, ...rest]));
    read.set(identity, person);
    touched.push(person);
  }
  for (const person of touched) meaningsOf(roster, person, before);

  for (const identity of next.keys()) {
    const number = roster.find(identity);
    if (number !== undefined) for (const other of engine.unlink(number)) seeds.add(other);
    const person = read.get(identity);
    if (person) anew.add(roster.put(person));
    else if (number !== undefined) {
      for (const other of engine.leave(number, dissolved)) seeds.add(other);
      roster.remove(number);
    }
  }
  for (const { holders, value } of before.values()) if (holders === roster.blocks) roster.frequency.forget(value);

  if (roster.settle()) {
    roster.frequency.forgetAll();
    engine.links.length = 0;
    engine.linkAll();
    for (const number of roster.people.keys()) seeds.add(number);
  } else {
    const after = new Map<string, Meaning>();
    for (const person of touched) meaningsOf(roster, person, after);
    for (const [name, { holders, value, says }] of after) {
      if (before.get(name)?.says !== says) for (const number of holders.members(value)) anew.add(number);
    }
    for (const number of anew) for (const other of engine.unlink(number)) seeds.add(other);
    for (const number of anew) {
      engine.linkAnew(number);
      // Whoever is near somebody new may now have a rival.
      for (const other of engine.neighbours(number)) seeds.add(other);
    }
  }
  for (const decision of changes.decisions ?? []) {
    for (const identity of engine.decisions.add(decision)) {
      const number = roster.find(identity);
      if (number !== undefined) seeds.add(number);
    }
  }
  const idOf = (identity: string) => engine.groups[roster.find(identity) ?? -1]?.employeeId;
  const made = engine.group([...seeds, ...anew], idOf, dissolved);
  return summarise(engine, made, dissolved, next);
};

/** The records that each individual has from now on; none for one who is gone. */
const planOf = (engine: Engine, { changed = [], removed = [] }: Changes): ReadonlyMap<string, Records> => {
  const next = new Map<string, Records>();
  const without = (source: Source): Records => {
    const identity = identityOf(source);
    const number = engine.roster.find(identity);
    const own = next.get(identity) ?? (number === undefined ? [] : engine.person(number).records);
    return own.filter(({ entity_id: entity }) => (entity ?? null) !== (source.entity_id ?? null));
  };
  for (const source of removed) next.set(identityOf(source), without(source));
  for (const record of changed) next.set(identityOf(record), [...without(record), record]);
  return next;
};

const summarise = (
  engine: Engine,
  made: readonly Group[],
  dissolved: ReadonlyMap<string, Group>,
  changed: ReadonlyMap<string, Records>,
) => {
  const isSame = (group: Group): boolean => {
    const old = dissolved.get(group.employeeId);
    if (old?.members.length !== group.members.length) return false;
    return group.members.every(
      (member, at) => member === old.members[at] && !changed.has(engine.person(member).identity),
    );
  };
  return {
    employee_ids: made.filter((group) => !isSame(group)).map(({ employeeId }) => employeeId),
    gone: [...dissolved.keys()].filter((id) => !engine.byId.has(id)),
  };
};
