/**
 * How a deletion ends without leaving anything behind. The customer's mark comes first: after it, the conditions of their
 * writes let no session, import or acceptance begin, and of the claims only one that ends a stored session of the customer.
 * The sessions that there are refuse by their own state: the open ones are cancelled before the request is answered, so that
 * none begins to exchange afterwards; one that does exchange, or begins again with the same code, is not erased while it
 * does. Hence, in this order: no session is stored (read consistently), and none ever will be, so nobody can bring a
 * connection any more; then no connection is stored (read consistently), and so none ever will be; then the record goes.
 * Rosters wait for none of it: the one that runs is cancelled, and since none begins any more, all go as soon as nobody writes.
 */

import { eventOf } from "./change-connection.ts";
import type { Connection } from "./connection.ts";
import type { CustomerDeletion, DeletionStore } from "./customer-deletion.ts";
import type { NudgeDeletions } from "./delete-customer.ts";
import type { CustomerId, DeletionId } from "./identifiers.ts";
import type { NudgeDisconnects } from "./nudge-disconnects.ts";
import type { Surroundings } from "./ports.ts";
import type { ConnectionStore, SessionStore } from "./store-ports.ts";

export interface DriveDeletionDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly deletions: Omit<DeletionStore, "begin" | "lines" | "cancelSession">;
  readonly sessions: Pick<SessionStore, "find">;
  readonly connections: Pick<ConnectionStore, "find" | "list" | "replace">;
  /** Ends the roster that runs, and erases what rosters have read and decided. Takes a bounded step. */
  readonly rosters: {
    readonly erase: (customerId: CustomerId, now: Date) => Promise<"more" | "waiting" | "gone">;
  };
  readonly nudgeDisconnects: NudgeDisconnects;
  readonly nudgeDeletions: NudgeDeletions;
}

/** How a step went. `more`: the next one has something to do at once; `waiting`: for Finch, or for an exchange. */
export type DeletionStep = "nothing_to_do" | "more" | "waiting" | "completed";

/** What a step tells. */
export interface DrivenDeletion {
  readonly step: DeletionStep;
  /** Undefined for one that is not there. */
  readonly deletion: CustomerDeletion | undefined;
  /** It was asked for more than a day ago, and is not done. */
  readonly isOverdue: boolean;
}

/** Two items for each session and one for the deletion stay under the 100 of a transaction. */
const sessionsPerStep = 40;
const connectionsPerStep = 25;
const firstPauseMs = 5_000;
const longestPauseMs = 30 * 60_000;
/** Later steps are the sweep's alone: Lambda stops a function that calls itself through a queue 16 times in a row. */
const nudgedAttempts = 8;
const overdueMs = 24 * 3_600_000;

/**
 * Creates the use case: one bounded step of a customer's deletion. The state in the table drives it, so that it may be
 * called by whom- and however often, and go on after any interruption.
 */
export const driveDeletion =
  (deps: DriveDeletionDependencies) =>
  async (deletionId: DeletionId): Promise<DrivenDeletion> => {
    const deletion = await deps.deletions.find(deletionId);
    if (deletion === undefined || deletion.completedAt !== null) {
      return { step: "nothing_to_do", deletion, isOverdue: false };
    }
    const step = await takeStep(deps, deletion);
    const isOverdue = step !== "completed" && deps.now().getTime() - deletion.requestedAt.getTime() > overdueMs;
    return { step, deletion, isOverdue };
  };

const takeStep = async (deps: DriveDeletionDependencies, deletion: CustomerDeletion): Promise<DeletionStep> => {
  const { customerId, connectionsFrom } = deletion;
  // None begins any more, and nobody waits for Finch's word to have people's data erased.
  const rosters = await deps.rosters.erase(customerId, deps.now());
  const sessions = await eraseSessions(deps, deletion);
  const page = await deps.connections.list(customerId, {
    limit: connectionsPerStep,
    from: connectionsFrom ?? undefined,
    status: undefined,
    providerId: undefined,
  });
  const joined: Connection[] = [];
  for (const connection of page.items) if (await join(deps, connection, deletion.deletionId)) joined.push(connection);
  if (joined.length > 0) await deps.nudgeDisconnects(joined);

  const from = page.next ?? null;
  if (from !== null || sessions.erased > 0 || rosters === "more") {
    const { nextStepAt, attempts } = deletion;
    await deps.deletions.postpone(deletion, { nextStepAt, attempts, connectionsFrom: from });
    return "more";
  }
  const isEmpty = sessions.found === 0 && connectionsFrom === null && page.items.length === 0;
  if (isEmpty && rosters === "gone" && (await complete(deps, deletion))) return "completed";
  await wait(deps, deletion);
  return "waiting";
};

/** Erases sessions, save those that are exchanging: they end within their lease, and the sweep sees to it. */
const eraseSessions = async (deps: DriveDeletionDependencies, deletion: CustomerDeletion) => {
  const ids = await deps.deletions.sessions(deletion.customerId, sessionsPerStep);
  const found = await Promise.all(
    ids.map(async (sessionId) => ({ sessionId, session: await deps.sessions.find(sessionId) })),
  );
  const erasable = found
    .filter(({ session }) => session?.status !== "exchanging")
    .map(({ sessionId, session }) => ({ sessionId, lost: session?.failureReason === "token_lost" }));
  const isErased = erasable.length > 0 && (await deps.deletions.eraseSessions(deletion, erasable));
  return { found: ids.length, erased: isErased ? erasable.length : 0 };
};

/** Asks for the connection's disconnect in the deletion's name, held or not. True if it was not asked for before. */
const join = async (deps: DriveDeletionDependencies, listed: Connection, deletionId: DeletionId): Promise<boolean> => {
  for (let connection: Connection | undefined = listed; connection !== undefined; ) {
    const { disconnect, heldReason } = connection;
    if (disconnect?.deletionId === deletionId) return false;
    const now = deps.now();
    const reason = heldReason === null ? "requested" : "discarded";
    const next: Connection = {
      ...connection,
      disconnect: { ...(disconnect ?? { reason, requestedAt: now, attempts: 0, nextAttemptAt: now }), deletionId },
      // They end with it.
      entityDisconnects: [],
      updatedAt: now,
      version: connection.version + 1,
    };
    const events = disconnect === null ? [eventOf(deps, "ConnectionUpdated", next)] : [];
    if (await deps.connections.replace(next, events)) return true;
    connection = await deps.connections.find(listed.customerId, listed.connectionId);
  }
  return false;
};

const complete = async (deps: DriveDeletionDependencies, deletion: CustomerDeletion): Promise<boolean> => {
  const { deletionId, customerId } = deletion;
  const ended = await deps.deletions.count(deletionId);
  const now = deps.now();
  const event = {
    eventId: deps.newId(),
    time: now,
    type: "CustomerDeleted",
    customerId,
    subject: { kind: "customer", id: customerId, version: now.getTime() },
    detail: { deletion_id: deletionId },
  } as const;
  return deps.deletions.complete(deletion, { ended, now, event });
};

const wait = async (deps: DriveDeletionDependencies, deletion: CustomerDeletion): Promise<void> => {
  const pauseMs = Math.min(firstPauseMs * 2 ** Math.min(deletion.attempts, 20), longestPauseMs);
  const nextStepAt = new Date(deps.now().getTime() + pauseMs);
  const attempts = deletion.attempts + 1;
  const isOn = await deps.deletions.postpone(deletion, { nextStepAt, attempts, connectionsFrom: null });
  if (isOn && attempts <= nudgedAttempts) await deps.nudgeDeletions([deletion.deletionId], pauseMs / 1000);
};
