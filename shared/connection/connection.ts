import type { Employer } from "./employer.ts";
import type { ConnectionId, CustomerId, DeletionId, TokenId } from "./identifiers.ts";

/** An employer grouping inside a connection, as far as Finch has told. */
export interface Entity {
  readonly id: string;
  readonly name: string | null;
  readonly sourceId: string | null;
  readonly status: string | null;
}

/** One way in which the employer is signed in at the provider. */
export interface AuthenticationMethod {
  readonly type: string;
  readonly status: string | null;
  readonly products: readonly string[];
}

/** What Perch remembers of an access token without its text: what it opens, and since when. */
export interface TokenRecord {
  readonly tokenId: TokenId;
  /** SHA-256 of the token: the same one is not kept twice, whichever way and however often it comes. */
  readonly fingerprint: string;
  readonly products: readonly string[];
  readonly entityIds: readonly string[];
  readonly createdAt: Date;
  /** What Finch last said of the connection when it was asked with this token; `connected` until it has been asked. */
  readonly status: string;
  /** Since when Finch calls the token invalid; null while it does not. */
  readonly invalidSince: Date | null;
}

/** Why a connection is kept out of use until the backend accepts it. */
export type HeldReason = "customer_mismatch" | "acceptance_required" | "wrong_account";

/** A disconnect that has been asked for: it is driven until Finch confirms it, for ever if need be. */
export interface Disconnect {
  readonly reason: "requested" | "discarded" | "connection_limit";
  readonly requestedAt: Date;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  /** The deletion of its customer that it is part of, whose receipt tells how it ended. */
  readonly deletionId?: DeletionId;
}

/** One entity's disconnect that has been asked for; driven like a connection's. */
export interface EntityDisconnect {
  readonly entityId: string;
  readonly requestedAt: Date;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
}

/** A connection of one customer. */
export interface Connection {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
  readonly providerId: string;
  /**
   * What Finch last said: `pending processing connected error_no_account_setup error_permissions reauth`, and what may come.
   * `connected` from the exchange until Finch is asked for the first time.
   */
  readonly finchStatus: string;
  /** Null when the connection is not held. */
  readonly heldReason: HeldReason | null;
  /** Null when no disconnect has been asked for. */
  readonly disconnect: Disconnect | null;
  /** Entities that are to be ended while the others go on. */
  readonly entityDisconnects: readonly EntityDisconnect[];
  /** Connections of the same customer that may be the same employer's at the same provider, while nobody has said which is wanted. */
  readonly possibleDuplicates: readonly ConnectionId[];
  /** Those of which somebody has said that both are wanted. */
  readonly keptDuplicates: readonly ConnectionId[];
  /** The platform's own name for the connection. */
  readonly label: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly clientType: string;
  readonly connectionType: string;
  readonly companyId: string | null;
  /** The union over the connection's tokens. */
  readonly entities: readonly Entity[];
  /** Of each entity whose employer was read, what Finch said. */
  readonly employers: readonly Employer[];
  readonly authenticationMethods: readonly AuthenticationMethod[];
  readonly username: string | null;
  readonly lastSuccessfulSync: Date | null;
  /** Newest last. Empty only when Finch had called all of them invalid for a week: then a new sign-in brings the next. */
  readonly tokens: readonly TokenRecord[];
  readonly introspectedAt: Date | null;
  /** When Finch is to be asked about it again, at the latest. */
  readonly nextCheckAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /**
   * Grows by one with each change, from `firstVersion` on. The condition of every write, together with `createdAt`, which tells the life of a
   * connection from an earlier one that was removed.
   */
  readonly version: number;
}

/** What everybody sees as the status: Finch's, or Perch's own `held` and `disconnecting`. */
export const connectionStatus = ({ finchStatus, heldReason, disconnect }: Connection): string =>
  disconnect !== null ? "disconnecting" : heldReason !== null ? "held" : finchStatus;

/** True if the platform may use the connection, and it counts for its customer. */
export const isInUse = ({ heldReason, disconnect }: Connection): boolean => heldReason === null && disconnect === null;

/** What Finch says of a connection or an entity that needs nobody. */
export const calmStatuses: ReadonlySet<string> = new Set(["connected", "pending", "processing"]);

/** True if Finch says that something is wrong with the connection or with one of its entities; one that was ended is not. */
export const isInTrouble = ({ finchStatus, entities }: Connection): boolean =>
  !calmStatuses.has(finchStatus) ||
  entities.some(({ status }) => status !== null && status !== "disconnected" && !calmStatuses.has(status));

/** The products that some token of the connection opens, sorted. */
export const productsOf = (connection: Connection): string[] =>
  [...new Set(connection.tokens.flatMap((token) => token.products))].toSorted();

/**
 * A connection's first version: the moment at which it is made, in milliseconds. One that is made anew after its end comes
 * after every version of its former life: for whoever orders events, and for a write that was decided on the former one.
 */
export const firstVersion = (createdAt: Date): number => createdAt.getTime();

/** True for a connection as it is made; false from its first change on. */
export const isFirstVersion = ({ version, createdAt }: Pick<Connection, "version" | "createdAt">): boolean =>
  version === firstVersion(createdAt);

/** The known entities plus those named by id only, each once, in a stable order. */
export const withEntities = (known: readonly Entity[], entityIds: readonly string[]): Entity[] => {
  const knownIds = new Set(known.map((entity) => entity.id));
  const added = [...new Set(entityIds)].filter((id) => !knownIds.has(id));
  return [...known, ...added.map((id) => ({ id, name: null, sourceId: null, status: null }))];
};
