import { ok, type Result, refuse } from "../result.ts";
import { type Actor, entriesOf } from "./audit.ts";
import { actOn, eventOf } from "./change-connection.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";
import type { Surroundings } from "./ports.ts";
import type { ConnectionStore } from "./store-ports.ts";

export interface KeepDuplicateDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly connections: Pick<ConnectionStore, "find" | "replaceTogether">;
}

/**
 * Creates the use case: somebody says that a connection and its possible duplicates are all wanted. The marks become kept
 * ones on both sides, in one transaction, and these pairs are never marked again. Without marks nothing changes.
 */
export const keepDuplicate =
  (deps: KeepDuplicateDependencies) =>
  async (
    customerId: CustomerId,
    connectionId: ConnectionId,
    by?: Actor,
  ): Promise<Result<Connection, "connection_unknown">> => {
    for (;;) {
      const connection = await deps.connections.find(customerId, connectionId);
      if (connection === undefined) return refuse("connection_unknown");
      const { possibleDuplicates } = connection;
      if (possibleDuplicates.length === 0) return ok(connection);
      const found = await Promise.all(possibleDuplicates.map((id) => deps.connections.find(customerId, id)));
      // One that is gone is nobody's duplicate any more.
      const others = found.filter((other) => other !== undefined);
      const now = deps.now();
      const next = kept(
        connection,
        others.map((other) => other.connectionId),
        possibleDuplicates,
        now,
      );
      const changed = [next, ...others.map((other) => kept(other, [connectionId], [connectionId], now))];
      const events = changed.map((each) => eventOf(deps, "ConnectionUpdated", each));
      const entries = entriesOf(deps, by, actOn(next, "duplicates_kept"));
      if (await deps.connections.replaceTogether(changed, [...events, ...entries])) return ok(next);
    }
  };

const kept = (
  connection: Connection,
  ids: readonly ConnectionId[],
  marked: readonly ConnectionId[],
  now: Date,
): Connection => ({
  ...connection,
  possibleDuplicates: connection.possibleDuplicates.filter((id) => !marked.includes(id)),
  keptDuplicates: [...new Set([...connection.keptDuplicates, ...ids])],
  updatedAt: now,
  version: connection.version + 1,
});
