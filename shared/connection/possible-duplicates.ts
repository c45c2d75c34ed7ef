import { eventOf } from "./change-connection.ts";
import { type Connection, connectionStatus, isInUse } from "./connection.ts";
import { asMarked, type EmployerMark, type EmployerMarks, findMarked, marksOf } from "./employer-marks.ts";
import type { ConnectionId } from "./identifiers.ts";
import type { Surroundings } from "./ports.ts";
import type { ConnectionStore } from "./store-ports.ts";

export interface PossibleDuplicatesDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly connections: Pick<ConnectionStore, "find" | "replace" | "replaceTogether">;
  readonly marks: Pick<EmployerMarks, "put" | "listOwn" | "remove">;
}

/** A connection has so many possible duplicates at most, kept ones included: they move in one transaction. */
export const mostDuplicates = 40;
const tries = 5;

/**
 * Creates the use case: what follows from a look that has told a connection's company and entities. It enters the connection
 * into the index of employers, and marks it and those of the same customer, provider and company, or with an entity in common,
 * as each other's possible duplicates: each pair once, with one event. Safe to repeat; who dies on the way has lost nothing
 * that the next look does not do.
 *
 * Of two that look at the same time at least one sees the other: each is in the index before it reads it.
 *
 * @returns the connection as it is then.
 */
export const markPossibleDuplicates =
  (deps: PossibleDuplicatesDependencies) =>
  async (connection: Connection): Promise<Connection> => {
    // On its way out, it is nobody's duplicate, and the driver takes it out of the index.
    if (connection.disconnect !== null) return connection;
    const { customerId, connectionId } = connection;
    let isChanged = await unmarkThoseThatAreGone(deps, connection);
    const found = await Promise.all(marksOf(connection).map((mark) => findAlike(deps, mark, connection)));
    const alike = new Map(found.flat().map((each) => [each.other.connectionId, each] as const));
    for (const { other, mark } of alike.values()) {
      if (await markPair(deps, connection, other, mark)) isChanged = true;
    }
    return (isChanged ? await deps.connections.find(customerId, connectionId) : undefined) ?? connection;
  };

interface Alike {
  readonly other: Connection;
  readonly mark: EmployerMark;
}

/** The customer's other connections that have the mark. It is put first, unless it is there: then whoever came later has seen it. */
const findAlike = async (
  deps: PossibleDuplicatesDependencies,
  mark: EmployerMark,
  connection: Connection,
): Promise<Alike[]> => {
  const { customerId, connectionId } = connection;
  const self = asMarked(connection);
  // Itself, and as many as it may have.
  const list = () => deps.marks.listOwn(mark, customerId, mostDuplicates + 1);
  let listed = await list();
  const isIn = listed.some(
    (each) => each.connectionId === connectionId && each.madeAt.getTime() === self.madeAt.getTime(),
  );
  if (!isIn) {
    await deps.marks.put(mark, self);
    listed = await list();
    await takeBackIfGone(deps, mark, connection);
  }
  const others = listed.filter((each) => each.connectionId !== connectionId);
  return (await findMarked(deps, mark, others)).map((other) => ({ other, mark }));
};

/** Where the driver took it out of the index while this look put it in, it would stay there. */
const takeBackIfGone = async (
  deps: PossibleDuplicatesDependencies,
  mark: EmployerMark,
  { customerId, connectionId, createdAt }: Connection,
): Promise<void> => {
  const stored = await deps.connections.find(customerId, connectionId);
  if (stored?.disconnect === null) return;
  await deps.marks.remove(mark, { customerId, connectionId, madeAt: createdAt });
};

/** Marks both in one transaction, under both versions; or neither, where one is not in use or somebody has decided already. */
const markPair = async (
  deps: PossibleDuplicatesDependencies,
  connection: Connection,
  found: Connection,
  { kind }: EmployerMark,
): Promise<boolean> => {
  let [one, other]: [Connection | undefined, Connection | undefined] = [connection, found];
  for (let left = tries; left > 0; left -= 1) {
    if (one === undefined || other === undefined || !mayMark(one, other) || !mayMark(other, one)) return false;
    const now = deps.now();
    const next = withDuplicate(one, other, now);
    const event = eventOf(deps, "PossibleDuplicateFound", next, connectionStatus(next), {
      reason: kind === "company" ? "same_company" : "same_entity",
      duplicate_connection_id: other.connectionId,
    });
    if (await deps.connections.replaceTogether([next, withDuplicate(other, one, now)], [event])) return true;
    [one, other] = await Promise.all([
      deps.connections.find(connection.customerId, connection.connectionId),
      deps.connections.find(found.customerId, found.connectionId),
    ]);
  }
  return false;
};

const mayMark = (connection: Connection, { connectionId }: Connection): boolean => {
  const { possibleDuplicates, keptDuplicates } = connection;
  const known = [...possibleDuplicates, ...keptDuplicates];
  return isInUse(connection) && !known.includes(connectionId) && known.length < mostDuplicates;
};

const withDuplicate = (connection: Connection, other: Connection, now: Date): Connection => ({
  ...connection,
  possibleDuplicates: [...connection.possibleDuplicates, other.connectionId],
  updatedAt: now,
  version: connection.version + 1,
});

/** Takes a connection that is about to be removed from the marks of the others. */
export const unmarkDuplicatesOf = async (
  deps: Pick<PossibleDuplicatesDependencies, "now" | "newId"> & {
    readonly connections: Pick<ConnectionStore, "find" | "replace">;
  },
  { customerId, connectionId, possibleDuplicates, keptDuplicates }: Connection,
): Promise<void> => {
  for (const id of [...possibleDuplicates, ...keptDuplicates]) {
    await unmark(deps, () => deps.connections.find(customerId, id), [connectionId]);
  }
};

/** What whoever removed them did not get to. */
const unmarkThoseThatAreGone = async (
  deps: PossibleDuplicatesDependencies,
  connection: Connection,
): Promise<boolean> => {
  const { customerId, connectionId, possibleDuplicates, keptDuplicates } = connection;
  const found = await Promise.all(
    [...possibleDuplicates, ...keptDuplicates].map(async (id) =>
      (await deps.connections.find(customerId, id)) === undefined ? [id] : [],
    ),
  );
  const gone = found.flat();
  if (gone.length > 0) await unmark(deps, () => deps.connections.find(customerId, connectionId), gone);
  return gone.length > 0;
};

const unmark = async (
  deps: Pick<PossibleDuplicatesDependencies, "now" | "newId"> & {
    readonly connections: Pick<ConnectionStore, "replace">;
  },
  find: () => Promise<Connection | undefined>,
  gone: readonly ConnectionId[],
): Promise<void> => {
  for (let left = tries; left > 0; left -= 1) {
    const connection = await find();
    if (connection === undefined) return;
    const stays = (id: ConnectionId) => !gone.includes(id);
    const possibleDuplicates = connection.possibleDuplicates.filter(stays);
    const keptDuplicates = connection.keptDuplicates.filter(stays);
    const before = connection.possibleDuplicates.length + connection.keptDuplicates.length;
    if (possibleDuplicates.length + keptDuplicates.length === before) return;
    const next = {
      ...connection,
      ...{ possibleDuplicates, keptDuplicates },
      updatedAt: deps.now(),
      version: connection.version + 1,
    };
    if (await deps.connections.replace(next, [eventOf(deps, "ConnectionUpdated", next)])) return;
  }
};
