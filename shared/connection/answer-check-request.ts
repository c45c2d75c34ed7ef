import { type CheckConnectionDependencies, checkConnection } from "./check-connection.ts";
import type { CheckRequest } from "./check-request.ts";
import type { CustomerId } from "./identifiers.ts";
import type { ConnectionStore } from "./store-ports.ts";

export interface AnswerCheckRequestDependencies extends CheckConnectionDependencies {
  readonly connections: CheckConnectionDependencies["connections"] & Pick<ConnectionStore, "findOwner">;
  /** Keeps a request for a connection that nobody has yet: its token may be on its way. */
  readonly park: (request: CheckRequest) => Promise<void>;
  /** Whether a webhook of this id has been answered. */
  readonly hasSeen: (finchEventId: string) => Promise<boolean>;
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
  /** Nobody has the connection yet. */
  | "parked";

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
    if (finchEventId !== undefined && (await deps.hasSeen(finchEventId))) return "seen_before";
    const owner = request.customerId ?? (await deps.connections.findOwner(connectionId));
    if (owner === undefined) {
      await deps.park(request);
      return "parked";
    }
    if (owner === "disconnected") return "void";
    const customerId: CustomerId = owner;
    const connection = await deps.connections.find(customerId, connectionId);
    if (connection === undefined) return "void";
    if (madeAt !== undefined && madeAt.getTime() !== connection.createdAt.getTime()) return "void";
    if (connection.introspectedAt !== null && askedAt < connection.introspectedAt) return "answered_before";
    const checked = await checkConnection(deps)(customerId, connectionId);
    if (checked.ok) return "looked";
    return checked.refusal.reason === "finch" ? "undecided" : "void";
  };
