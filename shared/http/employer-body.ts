import type * as api from "#generated/openapi.ts";
import { type Connection, connectionStatus } from "../connection/connection.ts";

/** The employers behind a connection as the API shows them: one for each of its entities, read or not. */
export const connectionEmployersBody = (connection: Connection): api.ConnectionEmployers => {
  const { connectionId, providerId, entities, employers } = connection;
  const known = new Map(employers.map((employer) => [employer.entityId, employer]));
  const named = entities.length === 0 ? [{ id: null, name: null, sourceId: null }] : entities;
  return {
    connection_id: connectionId,
    provider_id: providerId,
    connection_status: connectionStatus(connection),
    employers: named.map(({ id, name, sourceId }) => {
      const employer = known.get(id);
      return {
        entity_id: id,
        entity_name: name,
        source_id: sourceId,
        status: employer?.status ?? "unread",
        legal_name: employer?.legalName ?? null,
        entity_type: employer?.entityType ?? null,
        entity_subtype: employer?.entitySubtype ?? null,
        ein_last_four: employer?.einLastFour ?? null,
        read_at: employer?.readAt.toISOString() ?? null,
      };
    }),
  };
};
