import { type AuditEntry, auditActions } from "../connection/audit.ts";
import type { AuditId, ConnectionId, CustomerId, SessionId, TokenId } from "../connection/identifiers.ts";
import { retention } from "../retention.ts";
import { type Item, readItem } from "./item.ts";
import { keys } from "./keys.ts";

const dayMs = 24 * 3_600_000;

/** The entry as an item. */
export const toAuditItem = (entry: AuditEntry): Item => ({
  ...keys.audit(entry.customerId, entry.at.toISOString(), entry.auditId),
  audit_id: entry.auditId,
  customer_id: entry.customerId,
  connection_id: entry.connectionId,
  session_id: entry.sessionId,
  action: entry.action,
  at: entry.at.toISOString(),
  caller: entry.caller,
  reason: entry.reason,
  products: [...entry.products],
  entity_id: entry.entityId,
  token_id: entry.tokenId,
  request: entry.request && { method: entry.request.method, path: entry.request.path },
  request_id: entry.requestId,
  ttl: Math.ceil((entry.at.getTime() + retention.auditDays * dayMs) / 1000),
});

/** The item as an entry. @throws TypeError if it is malformed. */
export const fromAuditItem = (item: Item): AuditEntry => {
  const read = readItem(item);
  const request = read.mapOrNull("request");
  return {
    auditId: read.text("audit_id") as AuditId,
    customerId: read.text("customer_id") as CustomerId,
    connectionId: read.textOrNull("connection_id") as ConnectionId | null,
    sessionId: read.textOrNull("session_id") as SessionId | null,
    action: read.choice("action", auditActions),
    at: read.date("at"),
    caller: read.text("caller"),
    reason: read.textOrNull("reason"),
    products: read.texts("products"),
    entityId: read.textOrNull("entity_id"),
    tokenId: read.textOrNull("token_id") as TokenId | null,
    request: request && { method: readItem(request).text("method"), path: readItem(request).text("path") },
    requestId: read.text("request_id"),
  };
};
