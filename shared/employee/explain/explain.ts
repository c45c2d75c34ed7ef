import { confidenceOf } from "../decide/weigh.ts";
import type { Explanation, Join } from "../employee.ts";
import type { Engine, Group } from "../engine.ts";
import { identityOf, type Source } from "../record.ts";
import { sourceOf } from "../survive/survivorship.ts";
import { evidenceLines } from "./evidence-lines.ts";

/** The rule of what the platform has decided itself. */
const decidedSame = "the platform has said that they are the same";
const decidedDifferent = "the platform has said that they are not the same";

/** The source of a person's first record. */
export const sourceOfPerson = (engine: Engine, number: number): Source =>
  sourceOf(engine.person(number).records[0] ?? { connection_id: "", individual_id: "" });

/** Two people and what was decided on them. */
export const explainJoin = (engine: Engine, one: number, other: number): Join => {
  const [a, b] = [engine.person(one), engine.person(other)];
  const judgement = engine.judge(one, other);
  const isDecided = engine.decisions.sameAs(a.identity).has(b.identity);
  return {
    a: sourceOfPerson(engine, one),
    b: sourceOfPerson(engine, other),
    rule: isDecided ? decidedSame : judgement.ruling.rule,
    confidence: isDecided ? 1 : confidenceOf(judgement.odds),
    evidence: evidenceLines(judgement, a, b, engine.roster.frequency),
  };
};

/** Explains any two records, merged or not. Undefined when one is not there. */
export const explainPair = (
  engine: Engine,
  one: Pick<Source, "connection_id" | "individual_id">,
  other: Pick<Source, "connection_id" | "individual_id">,
): Explanation | undefined => {
  const [a, b] = [engine.roster.find(identityOf(one)), engine.roster.find(identityOf(other))];
  if (a === undefined || b === undefined) return undefined;
  const { outcome } = engine.judge(a, b).ruling;
  const [left, right] = [engine.groups[a], engine.groups[b]];
  const merged = left !== undefined && left === right;
  const isDenied = engine.decisions.areDifferent(engine.person(a).identity, engine.person(b).identity);
  const join = explainJoin(engine, a, b);
  return {
    ...join,
    merged,
    outcome,
    ...(isDenied && { rule: decidedDifferent, confidence: 0 }),
    through: merged && a !== b ? pathBetween(left, a, b).map(([from, to]) => explainJoin(engine, from, to)) : [],
    kept_apart_by: merged || !left || !right ? null : findObstacle(engine, left, right),
  };
};

/** The joins from one member to another: a group's joins are a tree. */
const pathBetween = (group: Group, from: number, to: number): (readonly [number, number])[] => {
  const paths = new Map<number, (readonly [number, number])[]>([[from, []]]);
  for (const [at, path] of paths) {
    if (at === to) return path;
    for (const join of group.joins) {
      const [one, other] = join;
      const next = one === at ? other : other === at ? one : undefined;
      if (next !== undefined && !paths.has(next)) paths.set(next, [...path, join]);
    }
  }
  return [];
};

const findObstacle = (engine: Engine, left: Group, right: Group): Omit<Join, "confidence"> | null => {
  for (const one of left.members) {
    for (const other of right.members) {
      if (engine.mayMeet(one, other)) continue;
      const { a, b, rule, evidence } = explainJoin(engine, one, other);
      const isDenied = engine.decisions.areDifferent(engine.person(one).identity, engine.person(other).identity);
      return { a, b, rule: isDenied ? decidedDifferent : rule, evidence };
    }
  }
  return null;
};
