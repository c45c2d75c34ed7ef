import {
  type AuthenticationMethod,
  type Connection,
  connectionStatus,
  type Disconnect,
  type Entity,
  type EntityDisconnect,
  type TokenRecord,
} from "../connection/connection.ts";
import type { ConnectionId, CustomerId, DeletionId, TokenId } from "../connection/identifiers.ts";
import { fromEmployer, toEmployer } from "./employer-item.ts";
import { type Item, readItem, writeTextMap } from "./item.ts";
import { due, keys } from "./keys.ts";

/** The connection as an item. */
export const toConnectionItem = (connection: Connection): Item => ({
  ...keys.connection(connection.customerId, connection.connectionId),
  customer_id: connection.customerId,
  connection_id: connection.connectionId,
  provider_id: connection.providerId,
  // Derived, for the filter of a list.
  status: connectionStatus(connection),
  finch_status: connection.finchStatus,
  held_reason: connection.heldReason,
  disconnect: connection.disconnect && toDisconnect(connection.disconnect),
  entity_disconnects: connection.entityDisconnects.map(toEntityDisconnect),
  ...dueOf(connection),
  possible_duplicates: connection.possibleDuplicates,
  kept_duplicates: connection.keptDuplicates,
  label: connection.label,
  metadata: writeTextMap(connection.metadata),
  client_type: connection.clientType,
  connection_type: connection.connectionType,
  company_id: connection.companyId,
  entities: connection.entities.map(({ id, name, sourceId, status }) => ({ id, name, source_id: sourceId, status })),
  employers: connection.employers.map(toEmployer),
  authentication_methods: connection.authenticationMethods,
  username: connection.username,
  last_successful_sync: connection.lastSuccessfulSync?.toISOString() ?? null,
  tokens: connection.tokens.map(toTokenRecord),
  introspected_at: connection.introspectedAt?.toISOString() ?? null,
  next_check_at: connection.nextCheckAt.toISOString(),
  created_at: connection.createdAt.toISOString(),
  updated_at: connection.updatedAt.toISOString(),
  listed_at: connection.createdAt.toISOString(),
  version: connection.version,
});

/** The item as a connection. @throws TypeError if it is malformed. */
export const fromConnectionItem = (item: Item): Connection => {
  const read = readItem(item);
  const disconnect = read.mapOrNull("disconnect");
  return {
    customerId: read.text("customer_id") as CustomerId,
    connectionId: read.text("connection_id") as ConnectionId,
    providerId: read.text("provider_id"),
    finchStatus: read.text("finch_status"),
    heldReason:
      item["held_reason"] === null
        ? null
        : read.choice("held_reason", ["customer_mismatch", "acceptance_required", "wrong_account"]),
    disconnect: disconnect && fromDisconnect(disconnect),
    entityDisconnects: read.maps("entity_disconnects").map(fromEntityDisconnect),
    possibleDuplicates: read.texts("possible_duplicates") as ConnectionId[],
    keptDuplicates: read.texts("kept_duplicates") as ConnectionId[],
    label: read.textOrNull("label"),
    metadata: read.textMap("metadata"),
    clientType: read.text("client_type"),
    connectionType: read.text("connection_type"),
    companyId: read.textOrNull("company_id"),
    entities: read.maps("entities").map(fromEntity),
    employers: read.maps("employers").map(fromEmployer),
    authenticationMethods: read.maps("authentication_methods").map(fromAuthenticationMethod),
    username: read.textOrNull("username"),
    lastSuccessfulSync: read.dateOrNull("last_successful_sync"),
    tokens: read.maps("tokens").map(fromTokenRecord),
    introspectedAt: read.dateOrNull("introspected_at"),
    nextCheckAt: read.date("next_check_at"),
    createdAt: read.date("created_at"),
    updatedAt: read.date("updated_at"),
    version: read.number("version"),
  };
};

/**
 * The condition that the stored connection is at this version of the same life: one that was removed and came again
 * differs in when it was made.
 */
export const onlyAfter = ({ createdAt }: Connection, version: number) => ({
  ConditionExpression: "version = :before AND created_at = :created_at",
  ExpressionAttributeValues: { ":before": version, ":created_at": createdAt.toISOString() },
});

/** What is remembered of a token, as a map; the same in the connection's item and in the token's own. */
export const toTokenRecord = (record: TokenRecord): Item => ({
  token_id: record.tokenId,
  fingerprint: record.fingerprint,
  products: record.products,
  entity_ids: record.entityIds,
  created_at: record.createdAt.toISOString(),
  status: record.status,
  invalid_since: record.invalidSince?.toISOString() ?? null,
});

/** The map as what is remembered of a token. @throws TypeError if it is malformed. */
export const fromTokenRecord = (item: Item): TokenRecord => {
  const read = readItem(item);
  return {
    tokenId: read.text("token_id") as TokenId,
    fingerprint: read.text("fingerprint"),
    products: read.texts("products"),
    entityIds: read.texts("entity_ids"),
    createdAt: read.date("created_at"),
    status: read.text("status"),
    invalidSince: read.dateOrNull("invalid_since"),
  };
};

/** What is due next: a disconnect's attempt, of the connection or of an entity; else the next look at it. */
export const dueOf = ({
  connectionId,
  disconnect,
  entityDisconnects,
  nextCheckAt,
}: Connection): ReturnType<typeof due> => {
  const attempts = (disconnect === null ? entityDisconnects : [disconnect]).map((each) => each.nextAttemptAt.getTime());
  return attempts.length > 0
    ? due("DISCONNECTING", connectionId, new Date(Math.min(...attempts)))
    : due("CHECK", connectionId, nextCheckAt);
};

const toEntityDisconnect = ({ entityId, requestedAt, attempts, nextAttemptAt }: EntityDisconnect): Item => ({
  entity_id: entityId,
  requested_at: requestedAt.toISOString(),
  attempts,
  next_attempt_at: nextAttemptAt.toISOString(),
});

const fromEntityDisconnect = (item: Item): EntityDisconnect => {
  const read = readItem(item);
  return {
    entityId: read.text("entity_id"),
    requestedAt: read.date("requested_at"),
    attempts: read.number("attempts"),
    nextAttemptAt: read.date("next_attempt_at"),
  };
};

const toDisconnect = ({ reason, requestedAt, attempts, nextAttemptAt, deletionId }: Disconnect): Item => ({
  reason,
  requested_at: requestedAt.toISOString(),
  attempts,
  next_attempt_at: nextAttemptAt.toISOString(),
  ...(deletionId !== undefined && { deletion_id: deletionId }),
});

const fromDisconnect = (item: Item): Disconnect => {
  const read = readItem(item);
  const deletionId = read.textOrNull("deletion_id") as DeletionId | null;
  return {
    reason: read.choice("reason", ["requested", "discarded", "connection_limit"]),
    requestedAt: read.date("requested_at"),
    attempts: read.number("attempts"),
    nextAttemptAt: read.date("next_attempt_at"),
    ...(deletionId !== null && { deletionId }),
  };
};

const fromEntity = (item: Item): Entity => {
  const read = readItem(item);
  return {
    id: read.text("id"),
    name: read.textOrNull("name"),
    sourceId: read.textOrNull("source_id"),
    status: read.textOrNull("status"),
  };
};

const fromAuthenticationMethod = (item: Item): AuthenticationMethod => {
  const read = readItem(item);
  return { type: read.text("type"), status: read.textOrNull("status"), products: read.texts("products") };
};
