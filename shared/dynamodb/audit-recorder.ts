import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { AuditStore } from "../connection/audit.ts";
import { toAuditItem } from "./audit-item.ts";
import type { Table } from "./table.ts";

/** Writes down who did what. Apart from the list of it, which few functions need, so that it is in no other's bundle. */
export const createAuditRecorder = (table: Table): Pick<AuditStore, "record"> => ({
  async record(entry) {
    await table.client.send(new PutCommand({ TableName: table.name, Item: toAuditItem(entry) }));
  },
});
