import type { PerchEvent } from "#shared/connection/events.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import type { Claim, ConnectionStore, CustomerStore, SessionStore } from "#shared/connection/ports.ts";

/** One implementation of the stores, and what a contract must be able to see behind the ports. */
export interface OpenedStores {
  readonly customers: CustomerStore;
  readonly sessions: SessionStore;
  readonly connections: ConnectionStore;
  readonly findEvent: (eventId: string) => Promise<PerchEvent | undefined>;
  readonly findOwner: (connectionId: ConnectionId) => Promise<CustomerId | undefined>;
  /** How many items lists have read so far, filtered ones included. */
  readonly itemsRead: () => number;
  /** How often properties are tried: fewer times where a call is slow. */
  readonly propertyRuns: number;
  readonly close: () => Promise<void>;
}

/** Opens an implementation. Others may use the same table: contracts work on ids of their own. */
export type OpenStores = () => Promise<OpenedStores>;

/** Everything that a claim touches, as it is stored: to be compared before and after. */
export const readBack = async (
  { customers, sessions, connections, findEvent, findOwner }: OpenedStores,
  { connection, token, ending, events }: Claim,
) => ({
  owner: await findOwner(connection.connectionId),
  customer: await customers.find(connection.customerId),
  connection: await connections.find(connection.customerId, connection.connectionId),
  token: await connections.findToken(token.customerId, token.connectionId, token.record.tokenId),
  session: ending && (await sessions.find(ending.session.sessionId)),
  events: await Promise.all(events.map((event) => findEvent(event.eventId))),
});
