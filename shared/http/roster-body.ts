import { type ConnectionRead, type EntityRead, isStopped, type Roster } from "../roster/roster.ts";

/** So many errors of single people are told of a roster: with those of a thousand connections it would be more than Lambda takes. */
const mostErrors = 2_000;

/** A roster as the API tells it, with how far each of its connections is. */
export const rosterBody = (roster: Roster, reads: readonly ConnectionRead[]) => ({
  roster_id: roster.rosterId,
  customer_id: roster.customerId,
  status: isStopped(roster) ? "stopped" : roster.state,
  failure_reason: roster.reason,
  started_at: roster.startedAt.toISOString(),
  finished_at: roster.finishedAt?.toISOString() ?? null,
  expires_at: roster.expiresAt.toISOString(),
  incomplete: roster.outcome?.incomplete ?? null,
  individual_count: roster.outcome?.individuals ?? null,
  employee_count: roster.outcome?.employees ?? null,
  possible_match_count: roster.outcome?.possibleMatches ?? null,
  changes: roster.outcome?.changes ?? null,
  connections: reads.map((read) => readBody(read, Math.ceil(mostErrors / reads.length))),
});

const readBody = (read: ConnectionRead, most: number) => ({
  connection_id: read.connectionId,
  status: read.state,
  failure_reason: read.reason,
  entities: read.entities.map(entityBody),
  error_count: read.itemErrorCount,
  errors: read.itemErrors.slice(0, most).map(({ entityId, individualId, product, error }) => ({
    entity_id: entityId,
    individual_id: individualId,
    product,
    error,
  })),
});

const entityBody = (entity: EntityRead) => ({
  entity_id: entity.entityId,
  status: entity.state,
  failure_reason: entity.reason,
  people_read: entity.people,
  waiting_for: entity.waitingFor,
  waiting_until: entity.waitUntil?.toISOString() ?? null,
  missing: { ...entity.missing },
});
