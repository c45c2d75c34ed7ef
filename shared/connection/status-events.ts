import { type Connection, connectionStatus, isInUse } from "./connection.ts";
import type { PerchEvent } from "./events.ts";
import type { Surroundings } from "./ports.ts";

/**
 * What is told of a look that changed how a connection is: `ConnectionUpdated` when its status or that of an entity is
 * another, and `ReauthenticationRequired` when it, or one of its entities, comes to need its customer; once, not at each
 * look. Nothing of one that is not in use.
 */
export const statusEvents = (
  deps: Pick<Surroundings, "newId">,
  before: Connection,
  after: Connection,
  now: Date,
): PerchEvent[] => {
  if (!isInUse(after)) return [];
  const status = connectionStatus(after);
  const isChanged = connectionStatus(before) !== status || troublesOf(before) !== troublesOf(after);
  const updated: PerchEvent = {
    eventId: deps.newId(),
    time: now,
    type: "ConnectionUpdated",
    customerId: after.customerId,
    subject: { kind: "connection", id: after.connectionId, version: after.version },
    detail: { provider_id: after.providerId, status },
  };
  return [
    ...(isChanged ? [updated] : []),
    ...(comesToNeedCustomer(before, after) ? [reauthenticationRequired(deps, after, now)] : []),
  ];
};

/** The event that asks the platform to send its customer back, with all that it needs to do so. */
export const reauthenticationRequired = (
  { newId }: Pick<Surroundings, "newId">,
  connection: Connection,
  now: Date,
): PerchEvent => {
  const { customerId, connectionId, providerId, version } = connection;
  return {
    eventId: newId(),
    time: now,
    type: "ReauthenticationRequired",
    customerId,
    subject: { kind: "connection", id: connectionId, version },
    detail: {
      provider_id: providerId,
      status: connectionStatus(connection),
      entity_ids: signedOut(connection),
      reauthenticate: {
        method: "POST",
        path: `/v1/customers/${encodeURIComponent(customerId)}/connections/${encodeURIComponent(connectionId)}/reauthenticate-sessions`,
      },
    },
  };
};

/** True if the connection, or one of its entities, is signed out, and was not before (or there is no before). */
export const comesToNeedCustomer = (before: Connection | undefined, after: Connection): boolean => {
  if (after.finchStatus === "reauth") return before?.finchStatus !== "reauth";
  const known = new Set(before === undefined ? [] : signedOut(before));
  return signedOut(after).some((id) => !known.has(id));
};

/** The entities that a new sign-in is to bring back: all of them where the connection itself is signed out. */
const signedOut = ({ finchStatus, entities }: Connection): string[] =>
  entities.filter(({ status }) => finchStatus === "reauth" || status === "reauth").map(({ id }) => id);

/** The entities that are not simply connected, in comparable words. */
const troublesOf = ({ entities }: Connection): string =>
  entities
    .filter(({ status }) => status !== null && status !== "connected")
    .map(({ id, status }) => `${id} ${status}`)
    .toSorted()
    .join();
