import { GetCommand, PutCommand, QueryCommand, UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import type { ConnectSession } from "../connection/connect-session.ts";
import type { BeginExchangeRefusal, ExchangeRequest, SessionStore } from "../connection/store-ports.ts";
import { ok, type Result, refuse } from "../result.ts";
import { endSession } from "./end-session.ts";
import { due, keys, ledger, ledgerIndex } from "./keys.ts";
import { putEvents } from "./outbox.ts";
import { fromSessionItem, sessionTtl, toExchange, toOpenings, toSessionItem } from "./session-item.ts";
import { failedCondition, type Table, transact } from "./table.ts";

/** Connect sessions in the table. */
export const createSessionStore = (table: Table): SessionStore => ({
  async create(session) {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: toSessionItem(session),
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    );
  },

  async find(sessionId) {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.session(sessionId), ConsistentRead: true }),
    );
    return Item && fromSessionItem(Item);
  },

  async replaceOpenings(session, openings) {
    const updated = await update(table, session.sessionId, {
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

  async beginExchange(request, { now, leaseUntil }) {
    const begun = await update(table, request.sessionId, {
      ...begin(request, 1, leaseUntil),
      // The opening's key is the hash of the `state`: that it is there, under this cookie's hash, is the whole check.
      ConditionExpression: "#status = :open AND expires_at > :now AND openings.#state.holder_hash = :cookie",
      ExpressionAttributeNames: { "#status": "status", "#state": request.stateHash },
      ExpressionAttributeValues: {
        ...begin(request, 1, leaseUntil).ExpressionAttributeValues,
        ":open": "open",
        ":now": now.toISOString(),
        ":cookie": request.holderHash,
      },
    });
    if (begun.ok || begun.refusal.reason === "unknown") return begun;
    const { exchange, status } = begun.refusal.session;
    const mayRepeat =
      status === "exchanging" &&
      exchange !== null &&
      exchange.leaseUntil <= now &&
      exchange.stateHash === request.stateHash &&
      exchange.holderHash === request.holderHash &&
      exchange.codeHash === request.codeHash;
    if (!mayRepeat) return begun;
    const again = begin(request, exchange.attempt + 1, leaseUntil);
    return update(table, request.sessionId, {
      ...again,
      // Nobody else has begun again meanwhile: the attempt is the one that was read.
      ConditionExpression: "#status = :exchanging AND #exchange = :before",
      ExpressionAttributeNames: { "#status": "status", "#exchange": "exchange" },
      ExpressionAttributeValues: { ...again.ExpressionAttributeValues, ":before": toExchange(exchange) },
    });
  },

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
    return update(table, sessionId, {
      UpdateExpression: `SET #status = :cancelled, openings = :none, ended_at = :now, #ttl = :ttl,
        version = version + :one`,
      ConditionExpression: "#status = :open AND expires_at > :now",
      ExpressionAttributeNames: { "#status": "status", "#ttl": "ttl" },
      ExpressionAttributeValues: {
        ":cancelled": "cancelled",
        ":none": {},
        ":now": now.toISOString(),
        ":ttl": sessionTtl(now),
        ":one": 1,
        ":open": "open",
      },
    });
  },

  async list(customerId, { limit, from }) {
    const { Items = [] } = await table.client.send(
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
    const next =
      Items.length > limit && last !== undefined
        ? { createdAt: last.createdAt.toISOString(), sessionId: last.sessionId }
        : undefined;
    return { items, next };
  },
});

const begin = (request: ExchangeRequest, attempt: number, leaseUntil: Date) => {
  const { due_shard, due_at } = due("EXCHANGING", request.sessionId, leaseUntil);
  return {
    UpdateExpression: `SET #status = :exchanging, exchange = :exchange, openings = :none, due_shard = :due_shard,
      due_at = :due_at, version = version + :one`,
    ExpressionAttributeValues: {
      ":exchanging": "exchanging",
      ":exchange": toExchange({ ...request, attempt, leaseUntil }),
      ":none": {},
      ":due_shard": due_shard,
      ":due_at": due_at,
      ":one": 1,
    },
  };
};

const update = async (
  table: Table,
  sessionId: ConnectSession["sessionId"],
  input: Omit<UpdateCommandInput, "TableName" | "Key">,
): Promise<Result<ConnectSession, BeginExchangeRefusal>> => {
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        ...input,
        TableName: table.name,
        Key: keys.session(sessionId),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return ok(fromSessionItem(Attributes ?? {}));
  } catch (error) {
    const failed = failedCondition(error);
    if (failed === undefined) throw error;
    return refuse(
      failed.item === undefined ? { reason: "unknown" } : { reason: "not_open", session: fromSessionItem(failed.item) },
    );
  }
};
