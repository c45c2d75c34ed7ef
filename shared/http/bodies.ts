import type * as api from "#generated/openapi.ts";
import { type ConnectSession, sessionStatus } from "../connection/connect-session.ts";
import { type Connection, connectionStatus, productsOf } from "../connection/connection.ts";
import type { CreatedSession } from "../connection/create-connect-session.ts";
import type { Customer } from "../connection/customer.ts";
import type { DisconnectPreview } from "../connection/preview-disconnect.ts";

/** A customer as the API shows it. */
export const customerBody = (customer: Customer): api.Customer => ({
  customer_id: customer.customerId,
  name: customer.name,
  email: customer.email,
  mode: customer.mode,
  metadata: customer.metadata,
  created_at: customer.createdAt.toISOString(),
  updated_at: customer.updatedAt.toISOString(),
  deletion_id: customer.deletion?.deletionId ?? null,
});

/** A Connect session as the API shows it; whether it has expired is computed here. */
export const sessionBody = (session: ConnectSession, now: Date): api.ConnectSession => ({
  session_id: session.sessionId,
  customer_id: session.customerId,
  status: sessionStatus(session, now),
  purpose: session.reauthenticates === null ? "connect" : "reauthenticate",
  reauthenticates: session.reauthenticates,
  mode: session.mode,
  products: session.products,
  integration: session.integration && {
    provider: session.integration.provider,
    ...(session.integration.authMethod !== null && {
      auth_method: session.integration.authMethod as NonNullable<api.Integration["auth_method"]>,
    }),
  },
  require_acceptance: session.requireAcceptance,
  return_url: session.returnUrl,
  created_at: session.createdAt.toISOString(),
  expires_at: session.expiresAt.toISOString(),
  ended_at: session.endedAt?.toISOString() ?? null,
  outcome: session.outcome,
  connection_id: session.connectionId,
  failure_reason: session.failureReason,
});

/** A session that has just been started, with what only its maker is told, and only now. */
export const newSessionBody = (
  { session, connectUrl, embedded }: CreatedSession,
  now: Date,
): api.NewConnectSession => ({
  ...sessionBody(session, now),
  connect_url: connectUrl,
  finch_session_id: embedded?.finchSessionId ?? null,
  state: embedded?.state ?? null,
});

/** A connection as the API shows it. */
export const connectionBody = (connection: Connection): api.Connection => ({
  connection_id: connection.connectionId,
  customer_id: connection.customerId,
  provider_id: connection.providerId,
  status: connectionStatus(connection),
  held_reason: connection.heldReason,
  label: connection.label,
  metadata: connection.metadata,
  client_type: connection.clientType,
  connection_type: connection.connectionType,
  company_id: connection.companyId,
  entities: connection.entities.map(({ id, name, sourceId, status }) => ({
    ...{ id, name, source_id: sourceId },
    status: connection.entityDisconnects.some(({ entityId }) => entityId === id) ? "disconnecting" : status,
  })),
  products: productsOf(connection),
  authentication_methods: connection.authenticationMethods,
  username: connection.username,
  last_successful_sync: connection.lastSuccessfulSync?.toISOString() ?? null,
  possible_duplicates: connection.possibleDuplicates,
  tokens: connection.tokens.map((token) => ({
    token_id: token.tokenId,
    products: token.products,
    entity_ids: token.entityIds,
    created_at: token.createdAt.toISOString(),
  })),
  introspected_at: connection.introspectedAt?.toISOString() ?? null,
  created_at: connection.createdAt.toISOString(),
  updated_at: connection.updatedAt.toISOString(),
  version: connection.version,
});

/** What would fall with a connection, as the API shows it: of other customers' connections a number only. */
export const previewBody = ({ connection, products, siblings }: DisconnectPreview): api.DisconnectPreview => ({
  connection_id: connection.connectionId,
  provider_id: connection.providerId,
  entities: connection.entities.map(({ id, name }) => ({ id, name })),
  products,
  tokens: connection.tokens.length,
  siblings: {
    connection_ids: siblings.own.map(({ connectionId }) => connectionId),
    other_customers: siblings.others.length,
    more: siblings.isCapped,
  },
});
