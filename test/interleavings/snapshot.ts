import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { Customer } from "#shared/connection/customer.ts";
import type { Outbox } from "#shared/connection/due-ports.ts";
import type { PerchEvent } from "#shared/connection/events.ts";
import type { ConnectionId, CustomerId, TokenId } from "#shared/connection/identifiers.ts";
import type { SealedToken } from "#shared/connection/ports.ts";
import type { ConnectionStore, CustomerStore } from "#shared/connection/store-ports.ts";
import { fromConnectionItem } from "#shared/dynamodb/connection-item.ts";
import { fromSessionItem } from "#shared/dynamodb/session-item.ts";
import type { Table } from "#shared/dynamodb/table.ts";
import type { MemoryState } from "../support/memory/state.ts";

/** All that is stored at one moment. */
export interface Snapshot {
  readonly customers: readonly Customer[];
  readonly sessions: readonly ConnectSession[];
  readonly owners: ReadonlyMap<ConnectionId, CustomerId>;
  readonly tombstones: ReadonlySet<ConnectionId>;
  readonly connections: readonly Connection[];
  readonly tokens: readonly SealedToken[];
  /** What is not known to be published. */
  readonly outbox: readonly PerchEvent[];
}

/** Looks into the memory that stores share. */
export const snapshotMemory = (memory: MemoryState): Snapshot => ({
  customers: [...memory.customers.values()],
  sessions: [...memory.sessions.values()],
  owners: new Map(memory.owners),
  tombstones: new Set(memory.tombstones.keys()),
  connections: [...memory.connections.values()],
  tokens: [...memory.tokens.values()],
  outbox: [...memory.outbox.values()],
});

/** Reads a whole table, which holds what one run has put there. */
export const snapshotTable = async (
  { client, name }: Table,
  stores: { readonly customers: CustomerStore; readonly connections: ConnectionStore; readonly outbox: Outbox },
): Promise<Snapshot> => {
  const { Items: items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({ TableName: name, ConsistentRead: true }),
  );
  if (LastEvaluatedKey !== undefined) throw new Error("one run stores less than a page of a scan");
  const ofKind = (kind: string) => items.filter(({ pk }) => `${pk}`.startsWith(`${kind}#`));
  const owners = ofKind("OWNER").map((item) => ({ item, connectionId: afterHash(item["pk"]) as ConnectionId }));
  const read = async <Value>(value: Promise<Value | undefined>): Promise<Value> => {
    const found = await value;
    if (found === undefined) throw new Error("an item is gone that a scan has just seen");
    return found;
  };
  return {
    customers: await Promise.all(
      items
        .filter(({ sk }) => sk === "CUSTOMER")
        .map(({ pk }) => read(stores.customers.find(afterHash(pk) as CustomerId))),
    ),
    sessions: ofKind("SESSION").map(fromSessionItem),
    owners: new Map(
      owners
        .filter(({ item }) => item["customer_id"] !== undefined)
        .map(({ item, connectionId }) => [connectionId, item["customer_id"]]),
    ),
    tombstones: new Set(
      owners.filter(({ item }) => item["customer_hash"] !== undefined).map(({ connectionId }) => connectionId),
    ),
    connections: items
      .filter(({ pk, sk }) => `${pk}`.startsWith("CUSTOMER#") && `${sk}`.startsWith("CONNECTION#"))
      .map(fromConnectionItem),
    tokens: await Promise.all(
      ofKind("TOKENS").map(({ pk, sk }) => {
        const [, connectionId, , tokenId] = `${sk}`.split("#");
        const customerId = afterHash(pk) as CustomerId;
        return read(stores.connections.findToken(customerId, connectionId as ConnectionId, tokenId as TokenId));
      }),
    ),
    outbox: await Promise.all(ofKind("OUTBOX").map((item) => read(stores.outbox.find(`${item["event_id"]}`)))),
  };
};

const afterHash = (key: unknown): string => `${key}`.slice(`${key}`.indexOf("#") + 1);
