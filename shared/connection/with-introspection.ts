import type { Connection } from "./connection.ts";
import type { Introspection } from "./finch-port.ts";
import type { TokenId } from "./identifiers.ts";

/** The connection with what Finch says of its one token, or of the one that speaks for it. Its version is left to the caller. */
export const withIntrospection = (
  connection: Connection,
  tokenId: TokenId,
  said: Introspection,
  now: Date,
): Connection => ({
  ...withConnectionsIntrospection(withTokensIntrospection(connection, tokenId, said), said),
  introspectedAt: now,
  updatedAt: now,
});

/** The connection with what Finch says of one of its tokens, as far as that is the token's own: what it opens. */
export const withTokensIntrospection = (connection: Connection, tokenId: TokenId, said: Introspection): Connection => {
  // Finch goes on listing an entity that was ended, as `disconnected`: it is none of the connection's any more.
  const live = said.entities.filter(({ status }) => status !== "disconnected");
  const liveIds = live.map((entity) => entity.id);
  const tokens = connection.tokens.map((record) =>
    record.tokenId === tokenId
      ? {
          ...record,
          products: said.products,
          entityIds: said.entities.length > 0 ? liveIds : record.entityIds,
          status: said.status,
          invalidSince: null,
        }
      : record,
  );
  // Entities that only another token opens stay: the connection's are the union over its tokens.
  const opened = new Set(tokens.flatMap((token) => token.entityIds));
  const told = new Set(said.entities.map((entity) => entity.id));
  const kept = connection.entities.filter((entity) => !told.has(entity.id) && opened.has(entity.id));
  return { ...connection, entities: [...live, ...kept], tokens };
};

/** The connection with what Finch says of it as a whole, in the words of the token that speaks for it. */
export const withConnectionsIntrospection = (connection: Connection, said: Introspection): Connection => ({
  ...connection,
  finchStatus: said.status,
  providerId: said.providerId,
  connectionType: said.connectionType,
  companyId: said.companyId ?? connection.companyId,
  authenticationMethods: said.authenticationMethods,
  username: said.username,
  lastSuccessfulSync: said.lastSuccessfulSync,
});

/**
 * The older tokens that a healthy one makes superfluous: it opens all of their products for all of their entities. Never
 * itself and never a newer one, so that of two equal tokens the newer stays, whoever looks, and a connection keeps at least one.
 */
export const supersededBy = (connection: Connection, tokenId: TokenId): TokenId[] => {
  const healthy = connection.tokens.find((record) => record.tokenId === tokenId);
  if (healthy === undefined || healthy.invalidSince !== null || healthy.status !== "connected") return [];
  const products = new Set(healthy.products);
  const entityIds = new Set(healthy.entityIds);
  return connection.tokens
    .slice(0, connection.tokens.indexOf(healthy))
    .filter((older) => older.products.every((each) => products.has(each)))
    .filter((older) => older.entityIds.every((each) => entityIds.has(each)))
    .map((older) => older.tokenId);
};
