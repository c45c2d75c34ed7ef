import type * as api from "#generated/openapi.ts";
import type { AuditEntry } from "../connection/audit.ts";
import type { OpenedToken } from "../use/open-token.ts";

/** A token that is handed out, as the API shows it: the one place where a token's text enters an answer. */
export const accessTokenBody = ({ accessToken, record, connection }: OpenedToken): api.AccessToken => ({
  access_token: accessToken.reveal(),
  token_type: "bearer",
  token_id: record.tokenId,
  connection_id: connection.connectionId,
  provider_id: connection.providerId,
  products: record.products,
  entity_ids: record.entityIds,
});

/** An entry of the audit as the API shows it. */
export const auditEntryBody = (entry: AuditEntry): api.AuditEntry => ({
  audit_id: entry.auditId,
  connection_id: entry.connectionId,
  session_id: entry.sessionId,
  action: entry.action,
  at: entry.at.toISOString(),
  caller: entry.caller,
  reason: entry.reason,
  products: entry.products,
  entity_id: entry.entityId,
  token_id: entry.tokenId,
  request: entry.request,
  request_id: entry.requestId,
});
