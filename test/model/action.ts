/** What somebody does to Perch, with what must come of it; alone, with a fault, or while somebody else does something. */
import type { Point } from "../faults/faulty-ports.ts";
import { createScheduler } from "../interleavings/scheduler.ts";
import { intercept } from "../support/intercept.ts";
import { createRandom } from "../support/random.ts";
import { apply, type Outcome, settleOn, wrong } from "./compare.ts";
import type { Model } from "./model.ts";
import { functionLifeMs, type Perch, type Ports, withAfterLook } from "./perch.ts";

/** What must come of an action. */
export interface Prediction {
  /** One of these, when nothing goes wrong. */
  readonly right: readonly Outcome[];
  /** Or one of these, when something does. */
  readonly faulty: readonly Outcome[];
  /** Or one of these, when somebody else changes the same things meanwhile: then the next sweep is needed. */
  readonly meeting?: readonly Outcome[];
}

export interface Action {
  readonly label: string;
  readonly lifeMs?: number;
  readonly predict: (model: Model, perch: Perch) => Prediction;
  readonly act: (ports: Ports) => Promise<unknown>;
  /** Other outcomes that show only afterwards, such as a token that is lost on the way. */
  readonly hindsight?: (model: Model, perch: Perch) => readonly Outcome[];
  /** Notes what came of it, or finds it wrong. */
  readonly note?: (model: Model, perch: Perch, wasFaulty: boolean) => void;
}

/** The outcome of something that changes nothing. */
export const unchanged = (model: Model, what: { connection?: string; session?: string }): Outcome => {
  const session = what.session === undefined ? undefined : model.sessions.get(what.session);
  return {
    ...(what.connection !== undefined && {
      connections: { [what.connection]: model.connections.get(what.connection) },
    }),
    ...(what.session !== undefined && session !== undefined && { sessions: { [what.session]: session } }),
  };
};

/** Runs an action as a process, and takes what came of it into the model. Whether something went wrong in it. */
export const carryOut = async (model: Model, perch: Perch, action: Action, fault?: Point): Promise<boolean> => {
  const { right, faulty } = action.predict(model, perch);
  perch.story.push(`${action.label}${fault ? ` [await ${fault.call} ${fault.fault}]` : ""}`);
  const { wasFaulty } = await perch.run(fault, action.lifeMs ?? functionLifeMs, action.act).catch((error: unknown) => {
    throw wrong(perch, `the process threw ${error}`);
  });
  const late = wasFaulty ? (action.hindsight?.(model, perch) ?? []) : [];
  settleOn(model, perch, wasFaulty ? [...right, ...faulty, ...late] : right);
  action.note?.(model, perch, wasFaulty);
  return wasFaulty;
};

/** Runs two actions as processes that meet at every await: what is stored then must come of one after the other. */
export const race = async (
  model: Model,
  perch: Perch,
  [first, second]: readonly [Action, Action],
  order: number,
): Promise<void> => {
  const outcomes = [...inTurn(model, perch, first, second), ...inTurn(model, perch, second, first)];
  perch.story.push(`${first.label}, while ${second.label} (order ${order})`);
  const scheduler = createScheduler(createRandom(order));
  const thrown = await scheduler.run(
    [first, second].map(({ act }, caller) => async () => {
      const ports = intercept(perch.ports, async (call) => {
        perch.advance(1);
        await scheduler.meetAs(caller)(call);
      });
      await act(withAfterLook(ports));
    }),
  );
  for (const error of thrown) if (error !== undefined) throw wrong(perch, `a caller threw ${error}`);
  settleOn(model, perch, outcomes);
};

/** What may come of two actions, one after the other. */
const inTurn = (model: Model, perch: Perch, first: Action, second: Action): Outcome[] =>
  outcomesOf(first.predict(model, perch)).flatMap((one) => {
    const next = withOutcome(model, one);
    return outcomesOf(second.predict(next, perch)).map((two) => ({
      connections: { ...one.connections, ...two.connections },
      sessions: { ...one.sessions, ...two.sessions },
      customers: { ...one.customers, ...two.customers },
      tombstones: [...(one.tombstones ?? []), ...(two.tombstones ?? [])],
      prompts: [...(one.prompts ?? []), ...(two.prompts ?? [])],
      endedEntities: [...(one.endedEntities ?? []), ...(two.endedEntities ?? [])],
    }));
  });

const outcomesOf = ({ right, meeting = [] }: Prediction) => [...right, ...meeting];

const withOutcome = (model: Model, outcome: Outcome): Model => {
  const next = {
    ...model,
    connections: new Map(model.connections),
    sessions: new Map(model.sessions),
    customers: new Map(model.customers),
    tombstones: new Set(model.tombstones),
    lastTokens: new Map(model.lastTokens),
    prompts: new Map(model.prompts),
    expired: new Set(model.expired),
    kept: new Set(model.kept),
    entityEnds: new Map(model.entityEnds),
    goneAtFinch: new Set([...model.goneAtFinch, ...(outcome.goneAtFinch ?? [])]),
  };
  apply(next, outcome);
  return next;
};
