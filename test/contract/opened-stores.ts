import type { BudgetStore } from "#shared/budget/budget-store.ts";
import type { AuditStore } from "#shared/connection/audit.ts";
import type { DeletionStore } from "#shared/connection/customer-deletion.ts";
import type { CheckPauseStore, DueStore, Outbox } from "#shared/connection/due-ports.ts";
import type { EmployerMarks } from "#shared/connection/employer-marks.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import type { SealedToken } from "#shared/connection/ports.ts";
import type { Claim, ConnectionStore, CustomerStore, SessionStore } from "#shared/connection/store-ports.ts";
import type { WebhookStore } from "#shared/connection/webhook-ports.ts";
import type { PageSessionStore } from "#shared/page/ports.ts";
import type { RosterStore } from "#shared/roster/ports.ts";
import type { FindNewestTokens } from "#shared/use/open-token.ts";
import type { Parked, Tombstone } from "../support/memory/state.ts";
import { isEvent } from "../support/traces.ts";

/** One implementation of the stores, and what a contract must be able to see behind the ports. */
export interface OpenedStores {
  readonly customers: CustomerStore;
  readonly sessions: SessionStore;
  readonly connections: ConnectionStore;
  readonly deletions: DeletionStore;
  readonly due: DueStore;
  readonly outbox: Outbox;
  readonly webhooks: WebhookStore;
  readonly checkPauses: CheckPauseStore;
  readonly marks: EmployerMarks;
  readonly audit: AuditStore;
  readonly budgets: BudgetStore;
  readonly pages: PageSessionStore;
  readonly findNewestTokens: FindNewestTokens;
  readonly rosters: RosterStore;
  readonly findOwner: (connectionId: ConnectionId) => Promise<CustomerId | undefined>;
  /** What stays of a disconnected connection. */
  readonly findTombstone: (connectionId: ConnectionId) => Promise<Tombstone | undefined>;
  readonly findParked: (connectionId: ConnectionId) => Promise<Parked | undefined>;
  /** How many items lists have read so far, filtered ones included. */
  readonly itemsRead: () => number;
  /** How often properties are tried: fewer times where a call is slow. */
  readonly propertyRuns: number;
  readonly close: () => Promise<void>;
}

/** Opens an implementation. Others may use the same table: contracts work on ids of their own. */
export type OpenStores = () => Promise<OpenedStores>;

/** Everything that a claim touches, as it is stored: to be compared before and after. */
export const readBack = async (
  { customers, sessions, connections, outbox, findOwner }: OpenedStores,
  { connection, token, ending, events }: Claim,
) => ({
  owner: await findOwner(connection.connectionId),
  customer: await customers.find(connection.customerId),
  connection: await connections.find(connection.customerId, connection.connectionId),
  token: await connections.findToken(token.customerId, token.connectionId, token.record.tokenId),
  session: ending && (await sessions.find(ending.session.sessionId)),
  events: await Promise.all(events.filter(isEvent).map((event) => outbox.find(event.eventId))),
});

/** The ciphertext of a token; nothing of none, and of one that is kept elsewhere. */
export const ciphertextOf = (token: Pick<SealedToken, "sealed"> | undefined): Uint8Array =>
  token !== undefined && "ciphertext" in token.sealed ? token.sealed.ciphertext : new Uint8Array();
