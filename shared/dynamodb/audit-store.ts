import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { AuditEntry, AuditPosition, AuditStore } from "../connection/audit.ts";
import type { AuditId } from "../connection/identifiers.ts";
import { fromAuditItem } from "./audit-item.ts";
import { createAuditRecorder } from "./audit-recorder.ts";
import { type Item, readItem } from "./item.ts";
import { keys } from "./keys.ts";
import type { Table } from "./table.ts";

/** Who did what, in a partition of each customer's, by time. */
export const createAuditStore = (table: Table): AuditStore => ({
  ...createAuditRecorder(table),

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
    const items = Items.slice(0, limit).map(fromAuditItem);
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
