import type { SessionEnd, StoredSessionStatus } from "../connection/connect-session.ts";
import type { ConnectionId, SessionId, TokenId } from "../connection/identifiers.ts";
import { keys } from "./keys.ts";
import { sessionTtl } from "./session-item.ts";
import type { Action, Table } from "./table.ts";

/**
 * The action that ends a session from one of these states, at this version. A failed one names no connection and no token.
 * Refused, it gives the session back as it is.
 */
export const endSession = (
  table: Table,
  sessionId: SessionId,
  end: SessionEnd,
  token: { readonly connectionId: ConnectionId; readonly tokenId: TokenId } | null,
  from: readonly StoredSessionStatus[],
  now: Date,
  version: number,
): Action => {
  const completed = end.status === "completed";
  return {
    Update: {
      TableName: table.name,
      Key: keys.session(sessionId),
      UpdateExpression: `SET #status = :status, outcome = :outcome, failure_reason = :reason,
        connection_id = :connection_id, token_id = :token_id, ended_at = :now, #ttl = :ttl, version = version + :one
        REMOVE due_shard, due_at`,
      ConditionExpression: `#status IN (${from.map((_, index) => `:from${index}`).join(", ")}) AND version = :version`,
      ExpressionAttributeNames: { "#status": "status", "#ttl": "ttl" },
      ExpressionAttributeValues: {
        ...Object.fromEntries(from.map((status, index) => [`:from${index}`, status])),
        ":status": end.status,
        ":outcome": completed ? end.outcome : null,
        ":reason": completed ? null : end.reason,
        ":connection_id": completed && token ? token.connectionId : null,
        ":token_id": completed && token ? token.tokenId : null,
        ":now": now.toISOString(),
        ":ttl": sessionTtl(now),
        ":one": 1,
        ":version": version,
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
};
