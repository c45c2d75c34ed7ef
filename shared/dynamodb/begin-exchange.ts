import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { ConnectSession, Exchange } from "../connection/connect-session.ts";
import type { ExchangeRequest, SessionStore } from "../connection/store-ports.ts";
import { ok, refuse } from "../result.ts";
import { checkCustomer } from "./customer-store.ts";
import type { Item } from "./item.ts";
import { due, keys } from "./keys.ts";
import { fromSessionItem, toExchange } from "./session-item.ts";
import { type Action, type Table, transactPatiently } from "./table.ts";

/**
 * Begins an exchange, on the session's conditions and on its customer's. The session is read for what it is to become: the
 * conditions are the whole check, and its version says that it is still what was read.
 */
export const createBeginExchange =
  (table: Table): SessionStore["beginExchange"] =>
  async (request, { now, leaseUntil }) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.session(request.sessionId), ConsistentRead: true }),
    );
    let session = Item && fromSessionItem(Item);
    for (;;) {
      if (session === undefined) return refuse({ reason: "unknown" });
      const repeats = mayRepeat(session, request, now);
      const { stateHash, holderHash, codeHash } = request;
      const attempt = repeats ? (session.exchange?.attempt ?? 0) + 1 : 1;
      const exchange: Exchange = { stateHash, holderHash, codeHash, attempt, leaseUntil };
      const cancelled = await transactPatiently(table, [
        begin(table, session, exchange, repeats ? repeatCondition(session) : firstCondition(request, now)),
        checkCustomer(table, session.customerId, session.incarnation),
      ]);
      if (cancelled === undefined) {
        return ok({ ...session, status: "exchanging", openings: [], exchange, version: session.version + 1 });
      }
      const [ofSession, ofCustomer] = cancelled;
      if (!ofSession?.failed) {
        if (ofCustomer?.failed) return refuse({ reason: "customer_deleting" });
        throw new Error("an exchange was cancelled without a reason");
      }
      const stored: ConnectSession | undefined = ofSession.item && fromSessionItem(ofSession.item);
      if (stored?.version === session.version) return refuse({ reason: "not_open", session: stored });
      // Opened once more, or begun by another call, since it was read.
      session = stored;
    }
  };

/** An undecided exchange begins again with the same code, once its lease has ended. */
const mayRepeat = ({ status, exchange }: ConnectSession, request: ExchangeRequest, now: Date): boolean =>
  status === "exchanging" &&
  exchange !== null &&
  exchange.leaseUntil <= now &&
  exchange.stateHash === request.stateHash &&
  exchange.holderHash === request.holderHash &&
  exchange.codeHash === request.codeHash;

interface Condition {
  readonly text: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

/** The opening's key is the hash of the `state`: that it is there, under this cookie's hash, is the whole check. */
const firstCondition = (request: ExchangeRequest, now: Date): Condition => ({
  text: "#status = :open AND expires_at > :now AND openings.#state.holder_hash = :cookie",
  names: { "#state": request.stateHash },
  values: { ":open": "open", ":now": now.toISOString(), ":cookie": request.holderHash },
});

/** Nobody else has begun again meanwhile: the attempt is the one that was read. */
const repeatCondition = ({ exchange }: ConnectSession): Condition => ({
  text: "#status = :exchanging AND #exchange = :before",
  names: {},
  values: { ":before": exchange && toExchange(exchange) },
});

const begin = (table: Table, session: ConnectSession, exchange: Exchange, condition: Condition): Action => {
  const { due_shard, due_at } = due("EXCHANGING", session.sessionId, exchange.leaseUntil);
  return {
    Update: {
      TableName: table.name,
      Key: keys.session(session.sessionId),
      UpdateExpression: `SET #status = :exchanging, #exchange = :exchange, openings = :none, due_shard = :due_shard,
        due_at = :due_at, version = version + :one`,
      ConditionExpression: `version = :version AND ${condition.text}`,
      ExpressionAttributeNames: { "#status": "status", "#exchange": "exchange", ...condition.names },
      ExpressionAttributeValues: {
        ":exchanging": "exchanging",
        ":exchange": toExchange(exchange),
        ":none": {},
        ":due_shard": due_shard,
        ":due_at": due_at,
        ":one": 1,
        ":version": session.version,
        ...condition.values,
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
};
