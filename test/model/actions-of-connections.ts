/** What the backend does with connections, and what runs by itself. */
import { acceptConnection, discardConnection, requestDisconnect } from "#shared/connection/change-connection.ts";
import { checkConnection } from "#shared/connection/check-connection.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
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
  if (connection.ending !== null || finch.trouble() !== undefined) return connection;
  const known = connection.tokens.flatMap((text) => finch.tokens.get(text) ?? []).filter(finch.isLive);
  const newest = known.at(-1);
  if (newest === undefined) return { ...connection, status: "reauth" };
  const healthy = known.filter((token) => finch.describe(token).status === "connected");
  const isCovered = (text: string) => {
    const older = finch.tokens.get(text);
    if (older === undefined) return false;
    return healthy.some((token) => {
      const ids = finch.describe(token).entities.map(({ id }) => id);
      return (
        connection.tokens.indexOf(token.text) > connection.tokens.indexOf(text) &&
        older.products.every((each) => token.products.includes(each)) &&
        older.entityIds.every((each) => ids.includes(each))
      );
    });
  };
  const tokens = connection.tokens.filter((text) => !isCovered(text));
  return { ...connection, status: finch.describe(newest).status, tokens };
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
  act: (ports) => checkConnection(ports)(customerId as CustomerId, connectionId as ConnectionId),
});
