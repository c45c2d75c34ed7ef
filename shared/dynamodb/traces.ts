import type { Trace } from "../connection/audit.ts";
import { toAuditItem } from "./audit-item.ts";
import { putEvents } from "./outbox.ts";
import type { Action, Table } from "./table.ts";

/** The actions that put events into the outbox and entries into the audit, for the transaction that makes the change. */
export const putTraces = (table: Table, traces: readonly Trace[]): Action[] =>
  traces.flatMap((trace): Action[] =>
    "auditId" in trace ? [{ Put: { TableName: table.name, Item: toAuditItem(trace) } }] : putEvents(table, [trace]),
  );
