import type { ConnectionId, CustomerId } from "./identifiers.ts";

/** Why Perch looks at a connection. None of these decides anything: what Finch says of its tokens does. */
export type CheckReason = "webhook" | "reported" | "connected" | "sweep" | "sibling" | "call" | "company";

/** Asks for a look at a connection. A hint: lost, late or doubled, it changes nothing in the end. */
export interface CheckRequest {
  /** Undefined where the one who asks knows Finch's id only. */
  readonly customerId: CustomerId | undefined;
  readonly connectionId: ConnectionId;
  readonly reason: CheckReason;
  /** A look that began later answers it too. */
  readonly askedAt: Date;
  /** The life of the connection that is meant (`Connection.createdAt`), where it is known: for a later one the request is void. */
  readonly madeAt?: Date;
  /** The id of the webhook that asks, so that its doubles are known. */
  readonly finchEventId?: string;
}

/** Asks for looks soon. A lost one loses nothing: every connection falls due for a look by itself. */
export type NudgeChecks = (requests: readonly CheckRequest[]) => Promise<void>;
