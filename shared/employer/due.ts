import { type Connection, isInUse } from "../connection/connection.ts";
import type { Employer } from "../connection/employer.ts";

const hourMs = 3_600_000;

/** How long what was read is believed: a company is seldom renamed, and Finch tells of it (`company.updated`). */
const freshMs = 30 * 24 * hourMs;
/**
 * What Finch was still fetching may be there soon (it fetches assisted connections within a week: Finch docs, "Data syncs"),
 * and a customer may have signed in again. Not sooner: a connection that is well for an introspection and not for a read
 * would be asked about for ever.
 */
const soonMs = 6 * hourMs;

/** The entities whose employers can be read: null stands for a connection of which Finch names none. */
const readableEntities = ({ entities, entityDisconnects }: Connection): readonly (string | null)[] => {
  if (entities.length === 0) return [null];
  const ending = new Set(entityDisconnects.map(({ entityId }) => entityId));
  return entities.filter(({ id, status }) => status !== "disconnected" && !ending.has(id)).map(({ id }) => id);
};

/**
 * The entities whose employers are to be read now: those that never were, that were read long ago, or before the newest
 * token came, since a sign-in may have changed what can be seen, or before `staleBefore`. None of a connection that is not
 * in use.
 */
export const dueEntities = (
  connection: Connection,
  now: Date,
  staleBefore: Date | undefined = undefined,
): readonly (string | null)[] => {
  if (!isInUse(connection)) return [];
  const known = new Map(connection.employers.map((employer) => [employer.entityId, employer]));
  const news = [staleBefore, ...connection.tokens.map(({ createdAt }) => createdAt)];
  const latest = Math.max(0, ...news.map((date) => date?.getTime() ?? 0));
  return readableEntities(connection).filter((id) => {
    const employer = known.get(id);
    return employer === undefined || isStale(employer, latest, now);
  });
};

const isStale = ({ status, readAt }: Employer, latestNews: number, now: Date): boolean => {
  const age = now.getTime() - readAt.getTime();
  const mayChangeSoon = status === "not_ready" || status === "reauthentication_required";
  return readAt.getTime() < latestNews || age >= (mayChangeSoon ? soonMs : freshMs);
};
