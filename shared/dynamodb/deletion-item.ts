import type { Connection } from "../connection/connection.ts";
import { type CustomerDeletion, type DisconnectedConnection, toLine } from "../connection/customer-deletion.ts";
import type { ConnectionId, CustomerId, DeletionId } from "../connection/identifiers.ts";
import type { PagePosition } from "../connection/store-ports.ts";
import { retention } from "../retention.ts";
import { type Item, readItem } from "./item.ts";
import { due, keys } from "./keys.ts";
import type { Action, Table } from "./table.ts";

/** When DynamoDB may delete what tells of a deletion, in seconds since 1970. */
export const receiptTtl = (doneAt: Date): number =>
  Math.ceil(doneAt.getTime() / 1000) + retention.deletionReceiptDays * 24 * 3600;

/** The deletion as an item, while it goes on. */
export const toDeletionItem = (deletion: CustomerDeletion): Item => ({
  ...keys.deletion(deletion.deletionId),
  ...due("DELETING", deletion.deletionId, deletion.nextStepAt),
  deletion_id: deletion.deletionId,
  customer_id: deletion.customerId,
  incarnation: deletion.incarnation,
  requested_at: deletion.requestedAt.toISOString(),
  completed_at: null,
  next_step_at: deletion.nextStepAt.toISOString(),
  attempts: deletion.attempts,
  connections_from: deletion.connectionsFrom && toPosition(deletion.connectionsFrom),
  sessions_erased: deletion.sessionsErased,
  tokens_lost: deletion.tokensLost,
  connections_disconnected: null,
  tokens_destroyed: null,
});

/** The item as a deletion. @throws TypeError if it is malformed. */
export const fromDeletionItem = (item: Item): CustomerDeletion => {
  const read = readItem(item);
  const from = read.textOrNull("connections_from");
  return {
    deletionId: read.text("deletion_id") as DeletionId,
    customerId: read.text("customer_id") as CustomerId,
    incarnation: read.text("incarnation"),
    requestedAt: read.date("requested_at"),
    completedAt: read.dateOrNull("completed_at"),
    nextStepAt: read.date("next_step_at"),
    attempts: read.number("attempts"),
    connectionsFrom: from === null ? null : fromPosition(from),
    sessionsErased: read.number("sessions_erased"),
    tokensLost: read.number("tokens_lost"),
    ended:
      read.dateOrNull("completed_at") === null
        ? null
        : { connections: read.number("connections_disconnected"), tokens: read.number("tokens_destroyed") },
  };
};

/** How far a walk has come, as a text: neither a time nor an id holds a `#`. */
export const toPosition = ({ listedAt, connectionId }: PagePosition): string => `${listedAt}#${connectionId}`;

const fromPosition = (text: string): PagePosition => {
  const [listedAt = "", connectionId = ""] = text.split("#");
  return { listedAt, connectionId: connectionId as ConnectionId };
};

/** The action that writes a connection's line of the receipt, where its end is part of a deletion. */
export const putLine = (table: Table, connection: Connection, disconnectedAt: Date): Action[] => {
  const deletionId = connection.disconnect?.deletionId;
  if (deletionId === undefined) return [];
  const line = toLine(connection, disconnectedAt);
  return [
    {
      Put: {
        TableName: table.name,
        Item: {
          ...keys.deletionLine(deletionId, line.connectionId),
          connection_id: line.connectionId,
          provider_id: line.providerId,
          disconnected_at: line.disconnectedAt.toISOString(),
          tokens_destroyed: line.tokensDestroyed,
          ttl: receiptTtl(disconnectedAt),
        },
      },
    },
  ];
};

/** The item as a line of the receipt. @throws TypeError if it is malformed. */
export const fromLineItem = (item: Item): DisconnectedConnection => {
  const read = readItem(item);
  return {
    connectionId: read.text("connection_id") as ConnectionId,
    providerId: read.text("provider_id"),
    disconnectedAt: read.date("disconnected_at"),
    tokensDestroyed: read.number("tokens_destroyed"),
  };
};
