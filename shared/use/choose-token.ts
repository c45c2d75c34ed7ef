import { type Connection, calmStatuses, type TokenRecord } from "../connection/connection.ts";

/** What a token is wanted for. */
export interface TokenWish {
  /** Finch's names of products; none where any token serves. */
  readonly products: readonly string[];
  /** The entity that is to be read; undefined for whatever the token opens. */
  readonly entityId: string | undefined;
}

/** Why no token of a connection serves. The first that is true, in this order. */
export type TokenRefusal =
  /** It is being disconnected, or the entity is. */
  | { readonly reason: "disconnecting" }
  /** It is held: no token leaves until the backend accepts it. */
  | { readonly reason: "held" }
  /** The connection has no such entity, by what its tokens tell: one of which none is healthy needs its customer first. */
  | { readonly reason: "entity_unknown" }
  /** A sign-in of the customer would make one serve. */
  | { readonly reason: "reauthentication_required" }
  /** No token opens these products for the entity; `missing` are those that none does, empty where only no single one has all. */
  | { readonly reason: "product_not_granted"; readonly missing: readonly string[] };

/** The token to use, or why there is none. */
export type TokenChoice = { readonly token: TokenRecord } | { readonly refusal: TokenRefusal };

/**
 * Chooses a connection's token: of the healthy ones that open all that is wished, one that opens the least else (fewest
 * further products, then fewest further entities where one is named), and of equals the newest. What a caller does not ask
 * for is not put into its hands (RFC 6749 section 10.3: the least scope that is necessary).
 */
export const chooseToken = (connection: Connection, wish: TokenWish): TokenChoice => {
  const refusal = refuseConnection(connection, wish);
  if (refusal !== undefined) return { refusal };
  // Oldest first in the record: of equals, the last one stands.
  const covering = connection.tokens.filter((token) => covers(token, wish)).toReversed();
  const healthy = covering.filter(isHealthy);
  const [first, ...rest] = healthy;
  if (first === undefined) return { refusal: whyNone(connection, wish, covering.length > 0) };
  return { token: rest.reduce((best, token) => (hasLessElse(token, best, wish) ? token : best), first) };
};

const refuseConnection = (connection: Connection, { entityId }: TokenWish): TokenRefusal | undefined => {
  if (connection.disconnect !== null) return { reason: "disconnecting" };
  if (connection.heldReason !== null) return { reason: "held" };
  if (connection.tokens.length === 0) return { reason: "reauthentication_required" };
  if (entityId === undefined) return undefined;
  const entity = connection.entities.find(({ id }) => id === entityId);
  if (entity === undefined) {
    return { reason: connection.tokens.some(isHealthy) ? "entity_unknown" : "reauthentication_required" };
  }
  const isEnding = connection.entityDisconnects.some((each) => each.entityId === entityId);
  if (isEnding || entity.status === "disconnected") return { reason: "disconnecting" };
  const isCalm = entity.status === null || calmStatuses.has(entity.status);
  return isCalm ? undefined : { reason: "reauthentication_required" };
};

/** True if Finch last accepted the token, and said of the connection that nobody has to sign in. */
const isHealthy = ({ invalidSince, status }: TokenRecord): boolean => invalidSince === null && calmStatuses.has(status);

const opensEntity = ({ entityIds }: TokenRecord, { entityId }: TokenWish): boolean =>
  entityId === undefined || entityIds.includes(entityId);

const covers = (token: TokenRecord, wish: TokenWish): boolean =>
  opensEntity(token, wish) && wish.products.every((product) => token.products.includes(product));

/** It covers what is wished, so that what it has more of is what is left. */
const hasLessElse = (one: TokenRecord, other: TokenRecord, { entityId }: TokenWish): boolean => {
  const products = new Set(one.products).size - new Set(other.products).size;
  if (products !== 0) return products < 0;
  return entityId !== undefined && new Set(one.entityIds).size < new Set(other.entityIds).size;
};

const whyNone = ({ tokens }: Connection, wish: TokenWish, isCovered: boolean): TokenRefusal => {
  if (isCovered || !tokens.some(isHealthy)) return { reason: "reauthentication_required" };
  const opened = new Set(tokens.filter((token) => opensEntity(token, wish)).flatMap(({ products }) => products));
  return { reason: "product_not_granted", missing: wish.products.filter((product) => !opened.has(product)) };
};
