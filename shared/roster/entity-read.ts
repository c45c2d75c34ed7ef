/** How an entity's part goes on from one read to the next. */
import type { BatchItem } from "./ports.ts";
import { type ConnectionRead, type EntityRead, type ItemError, mostItemErrors, phases } from "./roster.ts";

/** Nothing is waited for any more. */
export const rested = { tries: 0, waitingFor: null, waitUntil: null, notReadySince: null } as const;

/** The entity is not read on. */
export const failEntity = (entity: EntityRead, reason: string): EntityRead => ({
  ...entity,
  ...rested,
  state: "failed",
  reason,
});

/** The entity's people are read without this: others of its products say who they are. */
export const readWithout = (entity: EntityRead, reason: string): EntityRead =>
  nextPhase({ ...entity, missing: { ...entity.missing, [entity.phase]: reason } });

/** The next read of the page, or the first of the next page. */
export const nextPhase = (entity: EntityRead): EntityRead => {
  const after = { ...entity, ...rested, untold: 0, itemTries: 0 };
  const phase = phases.slice(phases.indexOf(entity.phase) + 1).find((each) => entity.missing[each] === undefined);
  if (phase !== undefined) return { ...after, phase };
  return {
    ...after,
    ...{ phase: "directory", pages: entity.pages + 1, people: entity.people + entity.pagePeople, pagePeople: 0 },
    ...{ isLastPage: false, state: entity.isLastPage ? "complete" : "reading" },
  };
};

/** The connection's part with this one of its entities. */
export const replaceEntity = (read: ConnectionRead, at: number, entity: EntityRead): ConnectionRead => ({
  ...read,
  entities: read.entities.with(at, entity),
});

/** The connection's part with the people whom Finch did not tell. */
export const addItemErrors = (
  read: ConnectionRead,
  { entityId, phase }: EntityRead,
  untold: readonly Extract<BatchItem<never>, { kind: "untold" }>[],
): ConnectionRead => {
  const errors = untold.map(
    ({ individualId, error }): ItemError => ({ entityId, individualId, product: phase, error }),
  );
  return {
    ...read,
    itemErrors: [...read.itemErrors, ...errors].slice(0, mostItemErrors),
    itemErrorCount: read.itemErrorCount + errors.length,
  };
};
