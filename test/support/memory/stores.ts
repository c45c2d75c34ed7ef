import type { BudgetStore } from "#shared/budget/budget-store.ts";
import type { AuditStore } from "#shared/connection/audit.ts";
import type { DeletionStore } from "#shared/connection/customer-deletion.ts";
import type { CheckPauseStore, DueStore, Outbox } from "#shared/connection/due-ports.ts";
import type { EmployerMarks } from "#shared/connection/employer-marks.ts";
import type { PerchEvent } from "#shared/connection/events.ts";
import type { ConnectionStore, CustomerStore, SessionStore } from "#shared/connection/store-ports.ts";
import type { WebhookStore } from "#shared/connection/webhook-ports.ts";
import type { PageSessionStore } from "#shared/page/ports.ts";
import type { RosterEraser, RosterStore } from "#shared/roster/ports.ts";
import type { FindNewestTokens } from "#shared/use/open-token.ts";
import { createMemoryBudgetStore } from "./budget-store.ts";
import { createMemoryCheckPauseStore } from "./check-pause-store.ts";
import { createMemoryConnectionStore } from "./connection-store.ts";
import { createMemoryCustomerStore } from "./customer-store.ts";
import { createMemoryDeletionStore } from "./deletion-store.ts";
import { createMemoryDueStore, createMemoryOutbox } from "./due-store.ts";
import { createMemoryEmployerMarks } from "./employer-marks.ts";
import { createMemoryPageSessionStore } from "./page-session-store.ts";
import { createMemoryRosterEraser } from "./roster-eraser.ts";
import { createMemoryRosterStore } from "./roster-store.ts";
import { createMemorySessionStore } from "./session-store.ts";
import { copy, createMemoryState, type MemoryState } from "./state.ts";
import { createMemoryAuditStore, createMemoryNewestTokens } from "./use-stores.ts";
import { createMemoryWebhookStore } from "./webhook-store.ts";

/** The stores over one memory. */
export interface MemoryStores {
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
  readonly rosters: RosterStore & RosterEraser;
  /** All events so far, published or not, the oldest first. */
  readonly events: () => readonly PerchEvent[];
  /** For looking in, and for bringing about what the ports cannot. */
  readonly memory: MemoryState;
}

/** Empty stores that share one memory, as the real ones share one table. */
export const createMemoryStores = (): MemoryStores => {
  const memory = createMemoryState();
  return {
    customers: createMemoryCustomerStore(memory),
    sessions: createMemorySessionStore(memory),
    connections: createMemoryConnectionStore(memory),
    deletions: createMemoryDeletionStore(memory),
    due: createMemoryDueStore(memory),
    outbox: createMemoryOutbox(memory),
    webhooks: createMemoryWebhookStore(memory),
    checkPauses: createMemoryCheckPauseStore(memory),
    marks: createMemoryEmployerMarks(memory),
    audit: createMemoryAuditStore(memory),
    budgets: createMemoryBudgetStore(memory),
    pages: createMemoryPageSessionStore(memory),
    findNewestTokens: createMemoryNewestTokens(memory),
    rosters: { ...createMemoryRosterStore(memory), ...createMemoryRosterEraser(memory) },
    events: () => copy(memory.written),
    memory,
  };
};
