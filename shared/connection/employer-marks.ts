import type { Connection } from "./connection.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";

/** What connections of one employer at one provider have in common: Finch's company, or the provider's own id of an entity. */
export interface EmployerMark {
  readonly kind: "company" | "source";
  readonly providerId: string;
  /** The `company_id`, or an entity's `source_id`. */
  readonly value: string;
}

/** A connection that a mark leads to, in one of its lives. */
export interface MarkedConnection {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
  /** Its `createdAt`: one that was removed and came again is another. */
  readonly madeAt: Date;
}

/**
 * An index over all customers of which connections are the same employer's. It may name a connection that is gone, or that
 * does not have the mark any more: whoever meets such an entry removes it.
 */
export interface EmployerMarks {
  /** Safe to repeat; takes the place of what a former life of the connection left. */
  readonly put: (mark: EmployerMark, connection: MarkedConnection) => Promise<void>;
  /** Removes the entry, if it is of this life. */
  readonly remove: (mark: EmployerMark, connection: MarkedConnection) => Promise<void>;
  /** A customer's own, `limit` at most; sees every `put` that has returned. */
  readonly listOwn: (mark: EmployerMark, customerId: CustomerId, limit: number) => Promise<readonly MarkedConnection[]>;
  /** The other customers', `limit` on either side of this one's at most; sees every `put` that has returned. */
  readonly listOthers: (
    mark: EmployerMark,
    customerId: CustomerId,
    limit: number,
  ) => Promise<readonly MarkedConnection[]>;
}

/** Entities beyond these are not compared: the work of a look is bounded. */
export const mostMarkedSources = 50;

/** The mark of a connection's company, if Finch tells it. */
export const companyMark = ({ providerId, companyId }: Connection): EmployerMark | undefined =>
  companyId === null ? undefined : { kind: "company", providerId, value: companyId };

/** All marks that a connection has. */
export const marksOf = (connection: Connection): EmployerMark[] => {
  const company = companyMark(connection);
  const { providerId, entities } = connection;
  const sources = [...new Set(entities.flatMap(({ sourceId }) => sourceId ?? []))].slice(0, mostMarkedSources);
  return [
    ...(company === undefined ? [] : [company]),
    ...sources.map((value) => ({ kind: "source", providerId, value }) as const),
  ];
};

/** The connection as a mark names it. */
export const asMarked = ({ customerId, connectionId, createdAt }: Connection): MarkedConnection => ({
  customerId,
  connectionId,
  madeAt: createdAt,
});

/** Takes a connection out of the index, before it is removed. */
export const forgetMarks = async (
  { marks }: { readonly marks: Pick<EmployerMarks, "remove"> },
  connection: Connection,
): Promise<void> => {
  await Promise.all(marksOf(connection).map((mark) => marks.remove(mark, asMarked(connection))));
};

/** The connections that a mark leads to, those that still have it. The entries of the others are removed. */
export const findMarked = async (
  deps: {
    readonly connections: { readonly find: (c: CustomerId, id: ConnectionId) => Promise<Connection | undefined> };
    readonly marks: Pick<EmployerMarks, "remove">;
  },
  mark: EmployerMark,
  listed: readonly MarkedConnection[],
): Promise<Connection[]> => {
  const found = await Promise.all(
    listed.map(async (each) => {
      const connection = await deps.connections.find(each.customerId, each.connectionId);
      const isSameLife = connection?.createdAt.getTime() === each.madeAt.getTime();
      if (connection !== undefined && isSameLife && hasMark(connection, mark)) return [connection];
      await deps.marks.remove(mark, each);
      return [];
    }),
  );
  return found.flat();
};

const hasMark = (connection: Connection, { kind, providerId, value }: EmployerMark): boolean =>
  connection.providerId === providerId &&
  (kind === "company"
    ? connection.companyId === value
    : connection.entities.some(({ sourceId }) => sourceId === value));
