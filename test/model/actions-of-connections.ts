/** What the backend does with connections, and what runs by itself. */
import { acceptConnection, discardConnection, requestDisconnect } from "#shared/connection/change-connection.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { introspectConnection } from "#shared/connection/introspect-connection.ts";
import { type Action, unchanged } from "./action.ts";
import { isAtLimit, type Model, type ModelConnection } from "./model.ts";
import type { Perch } from "./perch.ts";

type UseCase = typeof acceptConnection | typeof discardConnection | typeof requestDisconnect;

/** An action of the backend on one connection: `change` says what must come of it; nothing where it is refused. */
const onConnection =
  (
    name: string,
    useCase: UseCase,
    change: (connection: ModelConnection, model: Model) => ModelConnection | undefined | "refused",
  ) =>
  (customerId: string, connectionId: string): Action => ({
    label: `${customerId} ${name} ${connectionId}`,
    predict(model) {
      const stays = unchanged(model, { connection: connectionId });
      const connection = model.connections.get(connectionId);
      if (connection?.customerId !== customerId) return { right: [stays], faulty: [] };
      const next = change(connection, model);
      return { right: [next === "refused" ? stays : { connections: { [connectionId]: next } }], faulty: [stays] };
    },
    act: (ports) => useCase(ports)(customerId as CustomerId, connectionId as ConnectionId),
  });

export const accept = onConnection("accepts", acceptConnection, (connection, model) =>
  connection.held === null || connection.ending !== null || isAtLimit(model, connection.customerId)
    ? "refused"
    : { ...connection, held: null },
);

export const discard = onConnection("discards", discardConnection, ({ held, ending }) =>
  held === null || ending !== null ? "refused" : undefined,
);

export const disconnect = onConnection("disconnects", requestDisconnect, (connection) => ({
  ...connection,
  ending: connection.ending ?? (connection.held === null ? "requested" : "discarded"),
}));

/** One step of the driver. */
export const drive = (customerId: string, connectionId: string): Action => ({
  label: `the driver takes a step for ${connectionId}`,
  predict(model, perch) {
    const stays = unchanged(model, { connection: connectionId });
    const connection = model.connections.get(connectionId);
    if (connection?.customerId !== customerId || connection.ending === null) return { right: [stays], faulty: [] };
    const gone = { connections: { [connectionId]: undefined }, tombstones: [connectionId] };
    return { right: [perch.finch.trouble() === undefined ? gone : stays], faulty: [stays], meeting: [stays] };
  },
  act: (ports) => driveDisconnect(ports)(customerId as CustomerId, connectionId as ConnectionId),
});

/** The connection after Finch was asked about it: a healthy token makes the older ones superfluous that it covers. */
const afterLook = (connection: ModelConnection, { finch }: Perch): ModelConnection => {
  if (finch.trouble() !== undefined) return connection;
  const newest = finch.tokens.get(connection.tokens.at(-1) ?? "");
  if (newest === undefined || !finch.isUsable(newest)) return { ...connection, status: "reauth" };
  const said = finch.describe(newest);
  const { status } = said;
  if (status !== "connected") return { ...connection, status };
  const ids = said.entities.map(({ id }) => id);
  const isCovered = (text: string) => {
    const older = finch.tokens.get(text);
    return (
      older !== undefined &&
      older !== newest &&
      older.products.every((each) => said.products.includes(each)) &&
      older.entityIds.every((each) => ids.includes(each))
    );
  };
  return { ...connection, status, tokens: connection.tokens.filter((text) => !isCovered(text)) };
};

/** Finch is asked about a connection. */
export const look = (customerId: string, connectionId: string): Action => ({
  label: `Finch is asked about ${connectionId}`,
  predict(model, perch) {
    const stays = unchanged(model, { connection: connectionId });
    const connection = model.connections.get(connectionId);
    if (connection?.customerId !== customerId) return { right: [stays], faulty: [] };
    // Finch may have ended it before it was asked.
    const ended = { connections: { [connectionId]: { ...connection, status: "reauth" } } };
    return {
      right: [{ connections: { [connectionId]: afterLook(connection, perch) } }],
      faulty: [stays],
      meeting: connection.ending === null ? [] : [ended],
    };
  },
  act: (ports) => introspectConnection(ports)(customerId as CustomerId, connectionId as ConnectionId),
});
