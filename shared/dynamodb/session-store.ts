import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { SessionStore } from "../connection/store-ports.ts";
import { ok, refuse } from "../result.ts";
import { createBeginExchange } from "./begin-exchange.ts";
import { checkCustomer, isDeleting } from "./customer-store.ts";
import { endSession } from "./end-session.ts";
import { keys, ledger, ledgerIndex } from "./keys.ts";
import { putEvents } from "./outbox.ts";
import { fromSessionItem, toCustomerSessionItem, toOpenings, toSessionItem } from "./session-item.ts";
import { type Table, transact, transactPatiently } from "./table.ts";
import { putTraces } from "./traces.ts";
import { cancellation, updateSession } from "./update-session.ts";

/** Connect sessions in the table. */
export const createSessionStore = (table: Table): SessionStore => ({
  async create(session, traces = []) {
    const cancelled = await transactPatiently(table, [
      checkCustomer(table, session.customerId, session.incarnation),
      {
        Put: {
          TableName: table.name,
          Item: toSessionItem(session),
          ConditionExpression: "attribute_not_exists(pk)",
        },
      },
      { Put: { TableName: table.name, Item: toCustomerSessionItem(session) } },
      ...putTraces(table, traces),
    ]);
    if (cancelled === undefined) return ok(undefined);
    const [customer] = cancelled;
    if (!customer?.failed) throw new Error("there is a Connect session of this id");
    return refuse(isDeleting(customer.item) ? "customer_deleting" : "customer_unknown");
  },

  async find(sessionId) {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.session(sessionId), ConsistentRead: true }),
    );
    return Item && fromSessionItem(Item);
  },

  async replaceOpenings(session, openings) {
    const updated = await updateSession(table, session.sessionId, {
      UpdateExpression: "SET openings = :openings, version = :next",
      ConditionExpression: "version = :version AND #status = :open",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: {
        ":openings": toOpenings(openings),
        ":version": session.version,
        ":next": session.version + 1,
        ":open": "open",
      },
    });
    return updated.ok;
  },

  beginExchange: createBeginExchange(table),

  async end(session, { end, token, now, events }) {
    const cancelled = await transact(table, [
      endSession(table, session.sessionId, end, token, ["exchanging"], now, session.version),
      ...putEvents(table, events),
    ]);
    if (cancelled === undefined) return true;
    if (cancelled[0]?.failed) return false;
    throw new Error("contention on a Connect session");
  },

  async cancel(sessionId, now) {
    const change = cancellation(now);
    const ConditionExpression = `${change.ConditionExpression} AND expires_at > :now`;
    return updateSession(table, sessionId, { ...change, ConditionExpression });
  },

  async list(customerId, { limit, from }) {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: ledgerIndex,
        ScanIndexForward: false,
        KeyConditionExpression: `ledger = :ledger${from === undefined ? "" : " AND ledger_at < :from"}`,
        ExpressionAttributeValues: {
          ":ledger": `SESSIONS#${customerId}`,
          ...(from && { ":from": ledger.session(customerId, from.createdAt, from.sessionId).ledger_at }),
        },
        Limit: limit + 1,
      }),
    );
    const items = Items.slice(0, limit).map(fromSessionItem);
    const last = items.at(-1);
    // A query gives 1 MB at most, however many sessions that is.
    const hasMore = Items.length > limit || LastEvaluatedKey !== undefined;
    const next =
      hasMore && last !== undefined
        ? { createdAt: last.createdAt.toISOString(), sessionId: last.sessionId }
        : undefined;
    return { items, next };
  },
});
