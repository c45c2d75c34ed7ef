import type { Exchange } from "../connection/connect-session.ts";
import type { ExchangeRequest, SessionStore } from "../connection/store-ports.ts";
import type { Item } from "./item.ts";
import { due } from "./keys.ts";
import { toExchange } from "./session-item.ts";
import type { Table } from "./table.ts";
import { updateSession } from "./update-session.ts";

/**
 * Begins an exchange in one conditional write. Where that is refused by an exchange of the same code whose lease has ended,
 * it begins again in a second one.
 */
export const createBeginExchange =
  (table: Table): SessionStore["beginExchange"] =>
  async (request, { now, leaseUntil }) => {
    const { sessionId, stateHash, holderHash, codeHash } = request;
    const first: Exchange = { stateHash, holderHash, codeHash, attempt: 1, leaseUntil };
    const begun = await updateSession(table, sessionId, begin(request, first, firstCondition(request, now)));
    if (begun.ok || begun.refusal.reason === "unknown") return begun;
    const { status, exchange: before } = begun.refusal.session;
    if (status !== "exchanging" || before === null || !mayRepeat(before, request, now)) return begun;
    const again = { ...first, attempt: before.attempt + 1 };
    return updateSession(table, sessionId, begin(request, again, repeatCondition(before)));
  };

/** An undecided exchange begins again with the same code, once its lease has ended. */
const mayRepeat = (exchange: Exchange, request: ExchangeRequest, now: Date): boolean =>
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

/** Nobody else has begun again meanwhile: the exchange is just the one that was read. */
const repeatCondition = (before: Exchange): Condition => ({
  text: "#status = :exchanging AND #exchange = :before",
  names: {},
  values: { ":before": toExchange(before) },
});

const begin = ({ sessionId }: ExchangeRequest, exchange: Exchange, condition: Condition) => {
  const { due_shard, due_at } = due("EXCHANGING", sessionId, exchange.leaseUntil);
  return {
    UpdateExpression: `SET #status = :exchanging, #exchange = :exchange, openings = :none, due_shard = :due_shard,
      due_at = :due_at, version = version + :one`,
    ConditionExpression: condition.text,
    ExpressionAttributeNames: { "#status": "status", "#exchange": "exchange", ...condition.names },
    ExpressionAttributeValues: {
      ":exchanging": "exchanging",
      ":exchange": toExchange(exchange),
      ":none": {},
      ":due_shard": due_shard,
      ":due_at": due_at,
      ":one": 1,
      ...condition.values,
    },
  };
};
