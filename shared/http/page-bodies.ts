import type * as api from "#generated/openapi.ts";
import { type ConnectSession, sessionStatus } from "../connection/connect-session.ts";
import type { Connection } from "../connection/connection.ts";
import type { CreatedSession } from "../connection/create-connect-session.ts";
import type { DisconnectPreview } from "../connection/preview-disconnect.ts";
import { idleEnd, type OpenPageSession, pageSessionLimits } from "../page/page-session.ts";
import { providerName } from "../page/provider-name.ts";
import { connectionBody } from "./bodies.ts";

/** A page session as its page knows it. */
export const pageSessionBody = ({ pageSessionId, returnUrl, language, visit }: OpenPageSession): api.PageSession => ({
  page_session_id: pageSessionId,
  expires_at: idleEnd(visit).toISOString(),
  ends_at: visit.endsAt.toISOString(),
  idle_minutes: pageSessionLimits.idleMinutes,
  return_url: returnUrl,
  language,
});

/** A connection as its customer sees it. Of one that is held, the platform has yet to say whether it is the customer's. */
export const pageConnectionBody = (connection: Connection): api.PageConnection => {
  const body = connectionBody(connection);
  const isHeld = connection.heldReason !== null;
  return {
    connection_id: body.connection_id,
    provider_id: body.provider_id,
    provider_name: providerName(body.provider_id),
    status: body.status,
    label: body.label,
    username: isHeld ? null : body.username,
    authentication_methods: isHeld ? [] : body.authentication_methods.map(({ type }) => ({ type })),
    products: isHeld ? [] : body.products,
    entities: isHeld ? [] : entityBodies(connection, body),
    possible_duplicates: isHeld ? [] : body.possible_duplicates,
    last_successful_sync: body.last_successful_sync,
    introspected_at: body.introspected_at,
    created_at: body.created_at,
    updated_at: body.updated_at,
    version: body.version,
  };
};

/** The employers behind a connection, with what was read of each. */
const entityBodies = ({ employers }: Connection, { entities }: api.Connection): api.PageEntity[] => {
  const known = new Map(employers.map((employer) => [employer.entityId, employer]));
  // Of a connection without entities there may still be an employer.
  const named = entities.length === 0 && known.has(null) ? [{ id: null, name: null, status: null }] : entities;
  return named.map(({ id, name, status }) => {
    const { legalName = null, einLastFour = null } = known.get(id) ?? {};
    return { id, name, status, legal_name: legalName, ein_last_four: einLastFour };
  });
};

/** What would fall with a connection, as its customer is told: of other customers' connections nothing, not even a number. */
export const pagePreviewBody = ({ connection, products, siblings }: DisconnectPreview): api.PageDisconnectPreview => {
  const { connection_id, provider_id, provider_name, username, entities, version } = pageConnectionBody(connection);
  return {
    ...{ connection_id, provider_id, provider_name, username, entities, version },
    products,
    tokens: connection.tokens.length,
    siblings: siblings.own.map(({ connectionId }) => connectionId),
  };
};

/** A Connect session that the page has started, with what leads to Finch. */
export const pageConnectBody = ({ session, connectUrl, embedded }: CreatedSession): api.PageConnect => ({
  session_id: session.sessionId,
  expires_at: session.expiresAt.toISOString(),
  mode: session.mode,
  connect_url: connectUrl,
  finch_session_id: embedded?.finchSessionId ?? null,
  state: embedded?.state ?? null,
});

/** What became of a Connect session, as the page is told. */
export const connectResultBody = (session: ConnectSession, now: Date): api.PageConnectResult => ({
  session_id: session.sessionId,
  status: sessionStatus(session, now),
  outcome: session.outcome,
  failure_reason: session.failureReason,
  connection_id: session.connectionId,
  reauthenticates: session.reauthenticates,
  provider_id: session.integration?.provider ?? null,
});
