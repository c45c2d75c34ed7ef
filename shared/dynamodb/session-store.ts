import { GetCommand, PutCommand, UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import type { ConnectSession } from "../connection/connect-session.ts";
import type { BeginExchangeRefusal, ExchangeRequest, SessionStore } from "../connection/ports.ts";
import { ok, type Result, refuse } from "../result.ts";
import { due, keys } from "./keys.ts";
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
      ConditionExpression: "#status = :open AND expires_at > :now AND openings.#state.cookie_hash = :cookie",
      ExpressionAttributeNames: { "#status": "status", "#state": request.stateHash },
      ExpressionAttributeValues: {
        ...begin(request, 1, leaseUntil).ExpressionAttributeValues,
        ":open": "open",
        ":now": now.toISOString(),
        ":cookie": request.cookieHash,
      },
    });
    if (begun.ok || begun.refusal.reason === "unknown") return begun;
    const { exchange, status } = begun.refusal.session;
    const mayRepeat =
      status === "exchanging" &&
      exchange !== null &&
      exchange.leaseUntil <= now &&
      exchange.stateHash === request.stateHash &&
      exchange.cookieHash === request.cookieHash &&
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

  async fail(session, { reason, now, events }) {
    const cancelled = await transact(table, [
      {
        Update: {
          TableName: table.name,
          Key: keys.session(session.sessionId),
          UpdateExpression: `SET #status = :failed, failure_reason = :reason, ended_at = :now, #ttl = :ttl, version = version + :one REMOVE due_shard, due_at`,
          ConditionExpression: "#status = :exchanging",
          ExpressionAttributeNames: { "#status": "status", "#ttl": "ttl" },
          ExpressionAttributeValues: {
            ":failed": "failed",
            ":exchanging": "exchanging",
            ":reason": reason,
            ":now": now.toISOString(),
            ":ttl": sessionTtl(now),
            ":one": 1,
          },
        },
      },
      ...putEvents(table, events),
    ]);
    if (cancelled === undefined) return true;
    if (cancelled[0]?.failed) return false;
    throw new Error("contention on a Connect session");
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
