/** Connections in the table. */
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Connection } from "../connection/connection.ts";
import type { CustomerId, TokenId } from "../connection/identifiers.ts";
import type { ConnectionStore } from "../connection/store-ports.ts";
import { ok, refuse } from "../result.ts";
import { createClaim } from "./claim.ts";
import { onlyAfter, toConnectionItem } from "./connection-item.ts";
import { isDeleting } from "./customer-store.ts";
import { putLine } from "./deletion-item.ts";
import { createFindConnection } from "./find-connection.ts";
import { createFindOwnership } from "./find-ownership.ts";
import { createKeepEmployers } from "./keep-employers.ts";
import { keys } from "./keys.ts";
import { createListConnections } from "./list-connections.ts";
import { createPostpone } from "./postpone.ts";
import { fromTokenItem } from "./sealed.ts";
import { type Action, type Table, transact } from "./table.ts";
import { putTraces } from "./traces.ts";
import { settleHint } from "./webhook-store.ts";

/** Connections, their owners and their sealed tokens in the table. */
export const createConnectionStore = (table: Table): ConnectionStore => ({
  claim: createClaim(table),

  find: createFindConnection(table),

  findOwnership: createFindOwnership(table),

  async findOwner(connectionId) {
    const found = await createFindOwnership(table)(connectionId);
    return typeof found === "object" ? found.customerId : found;
  },

  async findToken(customerId, connectionId, tokenId) {
    const { Item } = await table.client.send(
      new GetCommand({
        TableName: table.name,
        Key: keys.token(customerId, connectionId, tokenId),
        ConsistentRead: true,
      }),
    );
    return Item && fromTokenItem(customerId, connectionId, Item);
  },

  list: createListConnections(table),

  async replace(connection, events, superseded = [], settled = undefined) {
    const cancelled = await transact(table, [
      putNextVersion(table, connection),
      ...superseded.map((tokenId) => deleteToken(table, connection, tokenId)),
      ...(settled === undefined ? [] : settleHint(table, connection.connectionId, settled)),
      ...putTraces(table, events),
    ]);
    return cancelled === undefined;
  },

  postpone: createPostpone(table),
  keepEmployers: createKeepEmployers(table),

  async replaceTogether(connections, events) {
    const actions = [...connections.map((each) => putNextVersion(table, each)), ...putTraces(table, events)];
    return (await transact(table, actions)) === undefined;
  },

  async release(connection, events) {
    const cancelled = await transact(table, [
      putNextVersion(table, connection),
      countIn(table, connection.customerId),
      ...putTraces(table, events),
    ]);
    if (cancelled === undefined) return ok(undefined);
    const [connectionChanged, customer] = cancelled;
    if (connectionChanged?.failed || !customer?.failed) return refuse("changed");
    return refuse(isDeleting(customer.item) ? "customer_deleting" : "connection_limit");
  },

  async remove(connection, { tombstone, counts, events }) {
    const { customerId, connectionId, tokens, version } = connection;
    const cancelled = await transact(table, [
      {
        Delete: {
          TableName: table.name,
          Key: keys.connection(customerId, connectionId),
          ...onlyAfter(connection, version),
        },
      },
      tombstone === null
        ? freeOwner(table, connection)
        : {
            Put: {
              TableName: table.name,
              Item: {
                ...keys.owner(connectionId),
                customer_hash: tombstone.customerHash,
                disconnected_at: tombstone.disconnectedAt.toISOString(),
              },
              ...ownedBy(customerId),
            },
          },
      ...tokens.map(({ tokenId }) => deleteToken(table, connection, tokenId)),
      ...(counts ? [countOut(table, customerId)] : []),
      ...(tombstone === null ? [] : putLine(table, connection, tombstone.disconnectedAt)),
      ...putTraces(table, events),
    ]);
    return cancelled === undefined;
  },
});

/** A connection changes only from the state that the change was decided on. */
const putNextVersion = (table: Table, connection: Connection): Action => ({
  Put: {
    TableName: table.name,
    Item: toConnectionItem(connection),
    ...onlyAfter(connection, connection.version - 1),
  },
});

const deleteToken = (table: Table, { customerId, connectionId }: Connection, tokenId: TokenId): Action => ({
  Delete: { TableName: table.name, Key: keys.token(customerId, connectionId, tokenId) },
});

const ownedBy = (customerId: CustomerId) => ({
  ConditionExpression: "customer_id = :customer_id",
  ExpressionAttributeValues: { ":customer_id": customerId },
});

const freeOwner = (table: Table, { customerId, connectionId }: Connection): Action => ({
  Delete: { TableName: table.name, Key: keys.owner(connectionId), ...ownedBy(customerId) },
});

const countIn = (table: Table, customerId: CustomerId): Action => ({
  Update: {
    TableName: table.name,
    Key: keys.customer(customerId),
    UpdateExpression: "SET connection_count = connection_count + :one",
    ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(deletion)
      AND (#mode <> :single OR connection_count = :zero)`,
    ExpressionAttributeNames: { "#mode": "mode" },
    ExpressionAttributeValues: { ":one": 1, ":zero": 0, ":single": "single" },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

const countOut = (table: Table, customerId: CustomerId): Action => ({
  Update: {
    TableName: table.name,
    Key: keys.customer(customerId),
    UpdateExpression: "SET connection_count = connection_count - :one",
    ConditionExpression: "connection_count > :zero",
    ExpressionAttributeValues: { ":one": 1, ":zero": 0 },
  },
});
