import { type CheckConnectionDependencies, checkConnection } from "./check-connection.ts";
import type { CheckRequest } from "./check-request.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionId } from "./identifiers.ts";
import type { ConnectionStore, Ownership } from "./store-ports.ts";
import type { SettledHint, WebhookStore } from "./webhook-ports.ts";

export interface AnswerCheckRequestDependencies extends CheckConnectionDependencies {
  readonly connections: CheckConnectionDependencies["connections"] & Pick<ConnectionStore, "findOwnership">;
  readonly webhooks: WebhookStore;
  /** Does what follows from what a look has told, and from who asked for it, beside what is stored of it. Safe to repeat. */
  readonly afterLook: (connection: Connection, request?: CheckRequest) => Promise<unknown>;
}

/** How a request was answered. Every one of these is an answer: none is asked again. */
export type CheckAnswer =
  /** Finch was asked, and what it says is stored. */
  | "looked"
  /** Finch was asked and did not decide; the connection falls due for the next look. */
  | "undecided"
  /** A look that began after the request was made has answered it. */
  | "answered_before"
  /** It is a double of a webhook that was answered. */
  | "seen_before"
  /** The connection is not there, or in another life than the one meant. */
  | "void"
  /** Nobody has the connection yet: its token may be on its way. */
  | "parked"
  /** The same, and too many others are. */
  | "not_parked";

/**
 * Creates the use case: answers a request for a look. Whoever asks decides nothing, so that a request may be late, doubled
 * or made up.
 *
 * @throws what `checkConnection` throws, and `afterLook`.
 */
export const answerCheckRequest =
  (deps: AnswerCheckRequestDependencies) =>
  async (request: CheckRequest): Promise<CheckAnswer> => {
    const { connectionId, askedAt, madeAt, finchEventId } = request;
    const [isDouble, owner] = await Promise.all([
      finchEventId !== undefined && deps.webhooks.hasSeen(finchEventId),
      request.customerId === undefined
        ? deps.connections.findOwnership(connectionId)
        : { customerId: request.customerId, tokenIds: [] },
    ]);
    if (isDouble) {
      // It has had its effect, but may have died before what follows from it.
      if (owner !== undefined && owner !== "disconnected") {
        const connection = await deps.connections.find(owner.customerId, connectionId);
        if (connection !== undefined) await deps.afterLook(connection, request);
      }
      return "seen_before";
    }
    if (owner === undefined) {
      return (await deps.webhooks.park(connectionId, deps.now())) === "parked" ? "parked" : "not_parked";
    }
    if (owner === "disconnected") return "void";
    const { customerId } = owner;
    const connections = readAhead(deps.connections, connectionId, owner);
    const connection = await connections.find(customerId, connectionId);
    if (connection === undefined) return "void";
    if (madeAt !== undefined && madeAt.getTime() !== connection.createdAt.getTime()) return "void";
    if (connection.introspectedAt !== null && askedAt < connection.introspectedAt) {
      // The message may be one that died after its look.
      await deps.afterLook(connection, request);
      return "answered_before";
    }
    const settled = { finchEventId, unparks: connection.introspectedAt === null };
    const checked = await checkConnection(settling({ ...deps, connections }, settled))(customerId, connectionId);
    if (checked.ok) {
      await deps.afterLook(checked.value, request);
      return "looked";
    }
    return checked.refusal.reason === "finch" ? "undecided" : "void";
  };

/**
 * The same, where what is stored of the look settles the hint that led to it: in the same write, so that a hint which comes
 * again after a crash finds its effect or has it, and never neither.
 */
const settling = (
  deps: AnswerCheckRequestDependencies,
  hint: Pick<SettledHint, "finchEventId" | "unparks">,
): CheckConnectionDependencies => ({
  ...deps,
  connections: {
    ...deps.connections,
    replace: (connection, events, superseded) =>
      deps.connections.replace(connection, events, superseded, { ...hint, now: deps.now() }),
  },
});

/**
 * The same, where the connection and the tokens that it probably has are being read already, all at once: each is given to
 * who asks for it first, the connection twice. A webhook is answered with five round trips so, one after the other.
 */
const readAhead = <Connections extends Pick<ConnectionStore, "find" | "findToken">>(
  connections: Connections,
  connectionId: ConnectionId,
  { customerId, tokenIds }: Ownership,
): Connections => {
  const connection = connections.find(customerId, connectionId);
  const tokens = new Map(tokenIds.map((id) => [id, connections.findToken(customerId, connectionId, id)]));
  // Whoever asks hears of a failure; a token that nobody asks for may fail.
  for (const read of [connection, ...tokens.values()]) read.catch(() => {});
  let given = 0;
  return {
    ...connections,
    find: (...of: Parameters<ConnectionStore["find"]>) => {
      given += 1;
      return given <= 2 ? connection : connections.find(...of);
    },
    findToken: (...of: Parameters<ConnectionStore["findToken"]>) => {
      const [, , tokenId] = of;
      const token = tokens.get(tokenId);
      tokens.delete(tokenId);
      return token ?? connections.findToken(...of);
    },
  };
};
