/** What the stores in memory share: one table's worth of records. */
import type { BudgetName } from "#shared/budget/budget.ts";
import type { Spent } from "#shared/budget/window.ts";
import type { AuditEntry, Trace } from "#shared/connection/audit.ts";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { Customer } from "#shared/connection/customer.ts";
import type { CustomerDeletion, DisconnectedConnection } from "#shared/connection/customer-deletion.ts";
import type { CheckPause } from "#shared/connection/due-ports.ts";
import type { EmployerMark, MarkedConnection } from "#shared/connection/employer-marks.ts";
import type { PerchEvent } from "#shared/connection/events.ts";
import type {
  ConnectionId,
  CustomerId,
  DeletionId,
  PageSessionId,
  SessionId,
  TokenId,
} from "#shared/connection/identifiers.ts";
import type { SealedToken } from "#shared/connection/ports.ts";
import type { PageSession } from "#shared/page/page-session.ts";
import type { CurrentRosters, KeptDecision } from "#shared/roster/ports.ts";
import type { ConnectionRead, Roster } from "#shared/roster/roster.ts";

/** What stays of a connection that was disconnected. */
export interface Tombstone {
  readonly customerHash: string;
  readonly disconnectedAt: Date;
}

/** What is known of a connection that Finch tells of and nobody has. */
export interface Parked {
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly count: number;
}

/** The records. Every value goes in and comes out as a deep copy, so that nobody can change one by reference. */
export interface MemoryState {
  readonly customers: Map<CustomerId, Customer>;
  readonly sessions: Map<SessionId, ConnectSession>;
  readonly owners: Map<ConnectionId, CustomerId>;
  /** The newest tokens of a connection at its last claim. */
  readonly ownedTokens: Map<ConnectionId, readonly TokenId[]>;
  readonly tombstones: Map<ConnectionId, Tombstone>;
  readonly connections: Map<string, Connection>;
  readonly tokens: Map<string, SealedToken>;
  /** Which connections are the same employer's. */
  readonly marks: Map<string, MarkedConnection & { readonly mark: EmployerMark }>;
  readonly deletions: Map<DeletionId, CustomerDeletion>;
  /** Lines of receipts, by deletion and connection. */
  readonly lines: Map<string, DisconnectedConnection>;
  /** Events that are not known to be published. */
  readonly outbox: Map<string, PerchEvent>;
  /** Every event that was ever written, published or not. */
  readonly written: PerchEvent[];
  /** Webhooks that had their effect, by Finch's id. */
  readonly seenWebhooks: Set<string>;
  readonly parked: Map<ConnectionId, Parked>;
  /** How many connections were parked in which hour. */
  readonly parkings: Map<string, number>;
  readonly audit: AuditEntry[];
  readonly budgets: Map<BudgetName, Spent>;
  readonly pages: Map<PageSessionId, PageSession>;
  readonly rosters: Map<string, Roster>;
  readonly currentRosters: Map<CustomerId, CurrentRosters>;
  /** The connections' parts of rosters. */
  readonly rosterReads: Map<string, ConnectionRead>;
  readonly decisions: Map<string, KeptDecision>;
  checkPause: { readonly pause: CheckPause | undefined; readonly trustedUntil: Date | undefined };
  /** How many items lists have read. */
  itemsRead: number;
}

/** Nothing stored yet. */
export const createMemoryState = (): MemoryState => ({
  customers: new Map(),
  sessions: new Map(),
  owners: new Map(),
  ownedTokens: new Map(),
  tombstones: new Map(),
  connections: new Map(),
  tokens: new Map(),
  marks: new Map(),
  deletions: new Map(),
  lines: new Map(),
  outbox: new Map(),
  written: [],
  seenWebhooks: new Set(),
  parked: new Map(),
  parkings: new Map(),
  audit: [],
  budgets: new Map(),
  pages: new Map(),
  rosters: new Map(),
  currentRosters: new Map(),
  rosterReads: new Map(),
  decisions: new Map(),
  checkPause: { pause: undefined, trustedUntil: undefined },
  itemsRead: 0,
});

/** The key of a connection, or of one of its tokens. No id holds a `#`. */
export const keyOf = (...ids: readonly string[]): string => ids.join("#");

/** A deep copy. */
export const copy = <Value>(value: Value): Value => structuredClone(value);

/** Whether one of the events is there already: then nothing of its transaction may be carried out. */
export const hasAny = (state: MemoryState, traces: readonly Trace[]): boolean =>
  traces.some((trace) => "eventId" in trace && state.outbox.has(trace.eventId));

/** Refuses what DynamoDB would: a transaction takes 100 actions. @throws Error if these are more. */
export const expectOneTransaction = (actions: number): void => {
  if (actions > 100) throw new Error(`${actions} actions are too many for a transaction`);
};

/** Stores the events and the audit entries of a transaction. */
export const putTraces = (state: MemoryState, traces: readonly Trace[]): void => {
  for (const trace of traces) {
    if ("auditId" in trace) {
      state.audit.push(copy(trace));
    } else {
      state.outbox.set(trace.eventId, copy(trace));
      state.written.push(copy(trace));
    }
  }
};

/** Puts a connection's next version in the place of the one before; false, and nothing, if that is another by now. */
export const putNextVersion = (state: MemoryState, connection: Connection): boolean => {
  if (!isAt(state, connection, connection.version - 1)) return false;
  state.connections.set(keyOf(connection.customerId, connection.connectionId), copy(connection));
  return true;
};

/** Whether the stored connection is at this version of the same life. */
export const isAt = (state: MemoryState, connection: Connection, version: number): boolean => {
  const stored = state.connections.get(keyOf(connection.customerId, connection.connectionId));
  return stored?.version === version && stored.createdAt.getTime() === connection.createdAt.getTime();
};

/** Changes the number of connections that count for a customer. */
export const count = (state: MemoryState, customerId: CustomerId, change: 1 | -1): void => {
  const customer = state.customers.get(customerId);
  if (customer === undefined) return;
  state.customers.set(customerId, { ...customer, connectionCount: customer.connectionCount + change });
};
