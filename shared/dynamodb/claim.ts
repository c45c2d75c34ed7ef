import { isFirstVersion } from "../connection/connection.ts";
import type { CustomerId } from "../connection/identifiers.ts";
import type { Claim, ClaimRefusal, ConnectionStore } from "../connection/store-ports.ts";
import { ok, refuse } from "../result.ts";
import { fromConnectionItem, onlyAfter, toConnectionItem, toTokenRecord } from "./connection-item.ts";
import { isDeleting } from "./customer-store.ts";
import { endSession } from "./end-session.ts";
import { readItem } from "./item.ts";
import { keys } from "./keys.ts";
import { toSealed } from "./sealed.ts";
import { fromSessionItem } from "./session-item.ts";
import { type Action, type Cancellation, type Table, transact } from "./table.ts";
import { putTraces } from "./traces.ts";

/**
 * The one write that makes a token Perch's: connection, owner, token, customer, the session's end and the events move
 * together, and each condition is an invariant. A refused claim says which one, with the item as it is.
 */
export const createClaim =
  (table: Table): ConnectionStore["claim"] =>
  async (claim) => {
    const cancelled = await transact(table, [
      putToken(table, claim),
      claimOwner(table, claim),
      putConnection(table, claim),
      checkCustomer(table, claim),
      ...(claim.ending === undefined ? [] : [end(table, claim, claim.ending)]),
      ...putTraces(table, claim.events),
    ]);
    return cancelled === undefined ? ok(undefined) : refuse(explain(claim, cancelled));
  };

/** A token is stored once, under an id of its own. */
const putToken = (table: Table, { token }: Claim): Action => ({
  Put: {
    TableName: table.name,
    Item: {
      ...keys.token(token.customerId, token.connectionId, token.record.tokenId),
      record: toTokenRecord(token.record),
      ...toSealed(token.sealed),
    },
    ConditionExpression: "attribute_not_exists(pk)",
  },
});

/** A connection has one owner, whoever asks. */
const claimOwner = (table: Table, { connection }: Claim): Action =>
  isFirstVersion(connection)
    ? {
        Put: {
          TableName: table.name,
          Item: {
            ...keys.owner(connection.connectionId),
            customer_id: connection.customerId,
            claimed_at: connection.createdAt.toISOString(),
            token_ids: newestTokens(connection),
          },
          // Nobody's: never claimed, or the tombstone of a connection that was disconnected.
          ConditionExpression: "attribute_not_exists(customer_id)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      }
    : {
        Update: {
          TableName: table.name,
          Key: keys.owner(connection.connectionId),
          UpdateExpression: "SET token_ids = :token_ids",
          ConditionExpression: "customer_id = :customer_id",
          ExpressionAttributeValues: {
            ":customer_id": connection.customerId,
            ":token_ids": newestTokens(connection),
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      };

/** A few, the newest last: who knows the connection by Finch's id only can read them while it reads the connection. */
const newestTokens = ({ tokens }: Claim["connection"]) => tokens.slice(-5).map(({ tokenId }) => tokenId);

/** A connection changes only from the state that the change was decided on. */
const putConnection = (table: Table, { connection }: Claim): Action => ({
  Put: {
    TableName: table.name,
    Item: toConnectionItem(connection),
    ...(isFirstVersion(connection)
      ? { ConditionExpression: "attribute_not_exists(pk)" }
      : onlyAfter(connection, connection.version - 1)),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

/** A customer that is being deleted waits for its own sessions, and takes nothing else. */
const joinsDeletion = ({ incarnation, ending }: Claim): boolean => incarnation !== undefined && ending !== undefined;

/** The customer is the one that the session was made for, and in mode `single` owns nothing else. */
const checkCustomer = (table: Table, claim: Claim): Action => {
  const { connection, incarnation, takesIntoUse } = claim;
  const sameLife = incarnation === undefined ? "attribute_exists(pk)" : "incarnation = :incarnation";
  const sameCustomer = joinsDeletion(claim) ? sameLife : `${sameLife} AND attribute_not_exists(deletion)`;
  const common = {
    TableName: table.name,
    Key: keys.customer(connection.customerId),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
  };
  const values = incarnation === undefined ? {} : { ":incarnation": incarnation };
  if (takesIntoUse) {
    return {
      Update: {
        ...common,
        UpdateExpression: "SET connection_count = connection_count + :one",
        ConditionExpression: `${sameCustomer} AND (#mode <> :single OR connection_count = :zero)`,
        ExpressionAttributeNames: { "#mode": "mode" },
        ExpressionAttributeValues: { ...values, ":one": 1, ":zero": 0, ":single": "single" },
      },
    };
  }
  return {
    ConditionCheck: {
      ...common,
      ConditionExpression: sameCustomer,
      ...(incarnation !== undefined && { ExpressionAttributeValues: values }),
    },
  };
};

/** The session ends with the token's storing; also when a sweep has given it up for failed meanwhile. */
const end = (
  table: Table,
  { connection, token, now }: Claim,
  { session, end }: NonNullable<Claim["ending"]>,
): Action => {
  const brought = { connectionId: connection.connectionId, tokenId: token.record.tokenId };
  return endSession(table, session.sessionId, end, brought, ["exchanging", "failed"], now, session.version);
};

const explain = (claim: Claim, cancelled: readonly Cancellation[]): ClaimRefusal => {
  const [token, owner, connection, customer, session] = cancelled;
  if (token?.failed) return { reason: "token_stored" };
  if (owner?.failed) {
    const ownerId = owner.item && (readItem(owner.item).textOrNull("customer_id") as CustomerId | null);
    if (ownerId && ownerId !== claim.connection.customerId) {
      return { reason: "owned_elsewhere", owner: ownerId };
    }
  }
  if (owner?.failed || connection?.failed) {
    return { reason: "connection_changed", connection: connection?.item && fromConnectionItem(connection.item) };
  }
  if (customer?.failed) {
    const incarnation = customer.item && readItem(customer.item).text("incarnation");
    const { customerId } = claim.connection;
    const sameCustomer = incarnation !== undefined && incarnation === (claim.incarnation ?? incarnation);
    if (!sameCustomer) return { reason: "customer_unknown", customerId };
    return isDeleting(customer.item) && !joinsDeletion(claim)
      ? { reason: "customer_deleting", customerId }
      : { reason: "connection_limit" };
  }
  if (claim.ending !== undefined && session?.failed) {
    return { reason: "session_changed", session: session.item && fromSessionItem(session.item) };
  }
  return { reason: "contention" };
};
