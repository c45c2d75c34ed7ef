import { confidenceOf } from "../decide/weigh.ts";
import type { PossibleMatch } from "../employee.ts";
import type { Engine, Link } from "../engine.ts";
import { compareText } from "../record.ts";
import { evidenceLines } from "./evidence-lines.ts";
import { sourceOfPerson } from "./explain.ts";

/** What no rule joins is never surer than this. */
const surest = 0.95;

/** The best pair of each two employees who may be one, surest first. */
export const findPossibleMatches = (engine: Engine): readonly PossibleMatch[] => {
  const best = new Map<string, Link>();
  for (const [number, links] of engine.links.entries()) {
    for (const link of links ?? []) {
      if (link.a !== number) continue;
      const [one, other] = [engine.groups[link.a], engine.groups[link.b]];
      if (!one || !other || one === other) continue;
      const ids = [one.employeeId, other.employeeId].sort(compareText).join(" ");
      const known = best.get(ids);
      if (known === undefined || isBefore(engine, link, known)) best.set(ids, link);
    }
  }
  return [...best.values()]
    .filter((link) => mayBeOne(engine, link))
    .sort((one, other) => (isBefore(engine, one, other) ? -1 : 1))
    .map((link) => describe(engine, link));
};

const isBefore = (engine: Engine, one: Link, other: Link): boolean =>
  (other.bits - one.bits || engine.order(one.a, other.a) || engine.order(one.b, other.b)) < 0;

/** Two employees of whom two records cannot be one person are no question. */
const mayBeOne = (engine: Engine, { a, b }: Link): boolean =>
  (engine.groups[a]?.members ?? []).every((one) =>
    (engine.groups[b]?.members ?? []).every((other) => engine.mayMeet(one, other)),
  );

const describe = (engine: Engine, { a, b }: Link): PossibleMatch => {
  const judgement = engine.judge(a, b);
  const end = (number: number) => ({
    ...sourceOfPerson(engine, number),
    employee_id: engine.groups[number]?.employeeId ?? "",
  });
  return {
    a: end(a),
    b: end(b),
    confidence: Math.min(surest, confidenceOf(judgement.odds)),
    why: judgement.ruling.rule,
    evidence: evidenceLines(judgement, engine.person(a), engine.person(b), engine.roster.frequency),
  };
};
