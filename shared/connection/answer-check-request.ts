import { type CheckConnectionDependencies, checkConnection } from "./check-connection.ts";
import type { CheckRequest } from "./check-request.ts";
import type { CustomerId } from "./identifiers.ts";
import type { ConnectionStore, SettledHint } from "./store-ports.ts";
import type { WebhookStore } from "./webhook-ports.ts";

export interface AnswerCheckRequestDependencies extends CheckConnectionDependencies {
  readonly connections: CheckConnectionDependencies["connections"] & Pick<ConnectionStore, "findOwner">;
  readonly webhooks: WebhookStore;
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
 * @throws what `checkConnection` throws.
 */
export const answerCheckRequest =
  (deps: AnswerCheckRequestDependencies) =>
  async (request: CheckRequest): Promise<CheckAnswer> => {
    const { connectionId, askedAt, madeAt, finchEventId } = request;
    const [isDouble, owner] = await Promise.all([
      finchEventId !== undefined && deps.webhooks.hasSeen(finchEventId),
      request.customerId ?? deps.connections.findOwner(connectionId),
    ]);
    if (isDouble) return "seen_before";
    if (owner === undefined) {
      return (await deps.webhooks.park(connectionId, deps.now())) === "parked" ? "parked" : "not_parked";
    }
    if (owner === "disconnected") return "void";
    const customerId: CustomerId = owner;
    const connection = await deps.connections.find(customerId, connectionId);
    if (connection === undefined) return "void";
    if (madeAt !== undefined && madeAt.getTime() !== connection.createdAt.getTime()) return "void";
    if (connection.introspectedAt !== null && askedAt < connection.introspectedAt) return "answered_before";
    const settled = { finchEventId, unparks: connection.introspectedAt === null };
    const checked = await checkConnection(settling(deps, settled))(customerId, connectionId);
    if (checked.ok) return "looked";
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
