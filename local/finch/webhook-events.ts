/** The webhooks that Finch sends of its own accord (Finch docs, "Webhooks"): `account.updated`, whenever a status changes. */
import type { Connection, Entity, Simulation } from "./model.ts";

/** What every event says of its connection. `entity_id` is null unless the connection spans several entities. */
export const commonFields = (
  { id, companyId, accountId, entities }: Connection,
  entityId: string | null,
): Readonly<Record<string, unknown>> => ({
  connection_id: id,
  entity_id: entities.length > 1 ? entityId : null,
  company_id: companyId,
  account_id: accountId,
});

/**
 * Tells the platform of the state of these entities: one event for each, where the connection spans several, else one for
 * the connection.
 */
export const announce = (
  { emit }: Pick<Simulation, "emit">,
  connection: Connection,
  entities: readonly Entity[],
): void => {
  for (const { id, status } of entities) {
    emit({
      clientId: connection.clientId,
      eventType: "account.updated",
      connectionId: connection.id,
      body: {
        event_type: "account.updated",
        ...commonFields(connection, id),
        data: { status, authentication_method: connection.authMethod },
      },
    });
  }
};
