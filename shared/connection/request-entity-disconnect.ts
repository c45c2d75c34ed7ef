import { ok, type Result, refuse } from "../result.ts";
import { type Actor, entriesOf } from "./audit.ts";
import { actOn, type ChangeConnectionDependencies, eventOf } from "./change-connection.ts";
import type { Connection, EntityDisconnect } from "./connection.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";
import type { NudgeDisconnects } from "./nudge-disconnects.ts";

export interface RequestEntityDisconnectDependencies extends Pick<ChangeConnectionDependencies, "now" | "newId"> {
  readonly connections: Pick<ChangeConnectionDependencies["connections"], "find" | "replace">;
  /** Told once a request is stored. Must not throw: the request stands. */
  readonly nudgeDisconnects: NudgeDisconnects;
}

export type EntityDisconnectRefusal =
  | { readonly reason: "connection_unknown" }
  | { readonly reason: "entity_unknown" }
  /** A held one may be somebody else's: it is accepted or discarded first. */
  | { readonly reason: "connection_held" }
  /** No entity would be left but those that are being ended already. */
  | { readonly reason: "last_entity" };

/**
 * Creates the use case: asks for one entity to be ended at Finch while the connection's others go on. As with a whole
 * connection the promise is kept in the table. Asking again changes nothing, and neither does asking while the whole
 * connection is being ended.
 */
export const requestEntityDisconnect =
  (deps: RequestEntityDisconnectDependencies) =>
  async (
    customerId: CustomerId,
    connectionId: ConnectionId,
    entityId: string,
    by?: Actor,
  ): Promise<Result<Connection, EntityDisconnectRefusal>> => {
    for (;;) {
      const connection = await deps.connections.find(customerId, connectionId);
      if (connection === undefined) return refuse({ reason: "connection_unknown" });
      const { entities, entityDisconnects, heldReason, disconnect } = connection;
      if (!entities.some(({ id }) => id === entityId)) return refuse({ reason: "entity_unknown" });
      const ending = new Set(entityDisconnects.map((each) => each.entityId));
      if (disconnect !== null || ending.has(entityId)) return ok(connection);
      if (heldReason !== null) return refuse({ reason: "connection_held" });
      if (!entities.some(({ id }) => id !== entityId && !ending.has(id))) return refuse({ reason: "last_entity" });
      const now = deps.now();
      const asked: EntityDisconnect = { entityId, requestedAt: now, attempts: 0, nextAttemptAt: now };
      const next = {
        ...connection,
        entityDisconnects: [...entityDisconnects, asked],
        updatedAt: now,
        version: connection.version + 1,
      };
      const entries = entriesOf(deps, by, { ...actOn(next, "entity_disconnect_requested"), entityId });
      if (!(await deps.connections.replace(next, [eventOf(deps, "ConnectionUpdated", next), ...entries]))) continue;
      await deps.nudgeDisconnects([{ customerId, connectionId }]);
      return ok(next);
    }
  };
