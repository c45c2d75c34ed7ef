import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { AuditId, ConnectionId, CustomerId, TokenId } from "../connection/identifiers.ts";
import { retention } from "../retention.ts";
import type { AuditEntry, AuditPosition, AuditStore } from "../use/audit.ts";
import { type Item, readItem } from "./item.ts";
import { keys } from "./keys.ts";
import type { Table } from "./table.ts";

/** Who used which token, in a partition of each customer's, by time. */
export const createAuditStore = (table: Table): AuditStore => ({
  async record(entry) {
    await table.client.send(new PutCommand({ TableName: table.name, Item: toItem(entry) }));
  },

  async list(customerId, { limit, from, connectionId }) {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        ScanIndexForward: false,
        KeyConditionExpression: `pk = :pk${from === undefined ? "" : " AND sk < :from"}`,
        ...(connectionId !== undefined && { FilterExpression: "connection_id = :connection_id" }),
        ExpressionAttributeValues: {
          ":pk": keys.audit(customerId, "", "").pk,
          ...(from && { ":from": keys.audit(customerId, from.at, from.auditId).sk }),
          ...(connectionId !== undefined && { ":connection_id": connectionId }),
        },
        // One more than asked tells whether there is a next page; a filter may skip, within bounds.
        Limit: connectionId === undefined ? limit + 1 : limit * 4,
      }),
    );
    const items = Items.slice(0, limit).map(fromItem);
    const last = items.at(-1);
    if (Items.length > limit && last !== undefined) return { items, next: positionOf(last) };
    return { items, next: LastEvaluatedKey && readPosition(LastEvaluatedKey) };
  },
});

const positionOf = ({ at, auditId }: AuditEntry): AuditPosition => ({ at: at.toISOString(), auditId });

const readPosition = (key: Item): AuditPosition => {
  const [at = "", auditId = ""] = readItem(key).text("sk").split("#");
  return { at, auditId: auditId as AuditId };
};

const dayMs = 24 * 3_600_000;

const toItem = (entry: AuditEntry): Item => ({
  ...keys.audit(entry.customerId, entry.at.toISOString(), entry.auditId),
  audit_id: entry.auditId,
  customer_id: entry.customerId,
  connection_id: entry.connectionId,
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

const fromItem = (item: Item): AuditEntry => {
  const read = readItem(item);
  const request = read.mapOrNull("request");
  return {
    auditId: read.text("audit_id") as AuditId,
    customerId: read.text("customer_id") as CustomerId,
    connectionId: read.text("connection_id") as ConnectionId,
    action: read.choice("action", ["token_handed_out", "request_forwarded"]),
    at: read.date("at"),
    caller: read.text("caller"),
    reason: read.textOrNull("reason"),
    products: read.texts("products"),
    entityId: read.textOrNull("entity_id"),
    tokenId: read.text("token_id") as TokenId,
    request: request && { method: readItem(request).text("method"), path: readItem(request).text("path") },
    requestId: read.text("request_id"),
  };
};
