import type { Connection } from "./connection.ts";
import type { Introspection } from "./finch-port.ts";
import type { TokenId } from "./identifiers.ts";
import { mostTokensAtOnce } from "./shed-tokens.ts";

/** The connection with what Finch says of one of its tokens. Its version is left to the caller. */
export const withIntrospection = (
  connection: Connection,
  tokenId: TokenId,
  said: Introspection,
  now: Date,
): Connection => {
  const saidIds = said.entities.map((entity) => entity.id);
  const tokens = connection.tokens.map((record) =>
    record.tokenId === tokenId
      ? {
          ...record,
          products: said.products,
          entityIds: saidIds.length > 0 ? saidIds : record.entityIds,
          status: said.status,
          invalidSince: null,
        }
      : record,
  );
  // Entities that only another token opens stay: the connection's are the union over its tokens.
  const opened = new Set(tokens.flatMap((token) => token.entityIds));
  const told = new Set(saidIds);
  const kept = connection.entities.filter((entity) => !told.has(entity.id) && opened.has(entity.id));
  return {
    ...connection,
    finchStatus: said.status,
    providerId: said.providerId,
    connectionType: said.connectionType,
    companyId: said.companyId ?? connection.companyId,
    entities: [...said.entities, ...kept],
    authenticationMethods: said.authenticationMethods,
    username: said.username,
    lastSuccessfulSync: said.lastSuccessfulSync,
    tokens,
    introspectedAt: now,
    updatedAt: now,
  };
};

/**
 * The older tokens that a healthy one makes superfluous: it opens all of their products for all of their entities. It is
 * never among them itself, so that a connection keeps at least one. As many as go in one write, the oldest first: the next
 * look takes the rest.
 */
export const supersededBy = (connection: Connection, tokenId: TokenId): TokenId[] => {
  const healthy = connection.tokens.find((record) => record.tokenId === tokenId);
  if (healthy === undefined || healthy.invalidSince !== null || connection.finchStatus !== "connected") return [];
  const products = new Set(healthy.products);
  const entityIds = new Set(healthy.entityIds);
  return connection.tokens
    .slice(0, connection.tokens.indexOf(healthy))
    .filter((older) => older.products.every((each) => products.has(each)))
    .filter((older) => older.entityIds.every((each) => entityIds.has(each)))
    .slice(0, mostTokensAtOnce)
    .map((older) => older.tokenId);
};
