import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import type { ConnectSession } from "../connection/connect-session.ts";
import type { SessionId } from "../connection/identifiers.ts";
import type { SessionRefusal } from "../connection/store-ports.ts";
import { ok, type Result, refuse } from "../result.ts";
import { keys } from "./keys.ts";
import { fromSessionItem, sessionTtl } from "./session-item.ts";
import { failedCondition, type Table } from "./table.ts";

type Change = Omit<UpdateCommandInput, "TableName" | "Key">;

/** Changes a session in one conditional write. Gives it as it is afterwards; refused, as it stands. */
export const updateSession = async (
  table: Table,
  sessionId: SessionId,
  change: Change,
): Promise<Result<ConnectSession, SessionRefusal>> => {
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        ...change,
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

/** The change that cancels an open session: its link and all its openings end. */
export const cancellation = (now: Date) => ({
  UpdateExpression: `SET #status = :cancelled, openings = :none, ended_at = :now, #ttl = :ttl,
    version = version + :one`,
  ConditionExpression: "#status = :open",
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
