import type { NudgeDeletions } from "./delete-customer.ts";
import type { DueStore, Outbox } from "./due-ports.ts";
import { failSession } from "./fail-session.ts";
import type { NudgeDisconnects } from "./nudge-disconnects.ts";
import type { Surroundings } from "./ports.ts";
import { type PublishEventsDependencies, publishEvents } from "./publish-events.ts";
import type { SessionStore } from "./store-ports.ts";

export interface SweepDueDependencies extends Surroundings, PublishEventsDependencies {
  readonly due: DueStore;
  readonly sessions: Pick<SessionStore, "find" | "end">;
  readonly outbox: Pick<Outbox, "find" | "remove">;
  readonly nudgeDisconnects: NudgeDisconnects;
  readonly nudgeDeletions: NudgeDeletions;
}

/** What a sweep has done. */
export interface Swept {
  readonly sessionsFailed: number;
  readonly eventsPublished: number;
  readonly eventsLeft: number;
  readonly disconnectsNudged: number;
  readonly deletionsNudged: number;
}

/** The lease of an exchange is the 7 minutes that its function may live; a minute later nobody holds a token any more. */
const graceAfterLeaseMs = 60_000;
const patienceMs = 10_000;

/**
 * Creates the use case: goes after what has fallen due. An exchange whose function is gone fails visibly, an event that the
 * stream did not bring out is published, a disconnect that Finch has not confirmed is tried again, and a deletion goes on. Safe to run beside
 * itself and beside everything else: each step conditions on the state that it found.
 */
export const sweepDue = (deps: SweepDueDependencies) => async (): Promise<Swept> => {
  const now = deps.now();
  const leaseOver = new Date(now.getTime() - graceAfterLeaseMs);
  const [exchanges, events, disconnects, deletions] = await Promise.all([
    deps.due.exchanges(leaseOver),
    deps.due.events(now),
    deps.due.disconnects(now),
    deps.due.deletions(now),
  ]);
  let sessionsFailed = 0;
  for (const sessionId of exchanges) {
    const session = await deps.sessions.find(sessionId);
    // The list may be behind: what has begun again meanwhile has a function that lives.
    if (session?.status !== "exchanging" || session.exchange === null) continue;
    if (session.exchange.leaseUntil > leaseOver) continue;
    await failSession(deps, session, "token_lost", null, new Date(now.getTime() + patienceMs));
    sessionsFailed += 1;
  }
  const found = await Promise.all(events.map((eventId) => deps.outbox.find(eventId)));
  const unpublished = found.filter((event) => event !== undefined);
  const eventsLeft = (await publishEvents(deps)(unpublished)).length;
  await deps.nudgeDisconnects(disconnects);
  await deps.nudgeDeletions(deletions);
  return {
    sessionsFailed,
    eventsPublished: unpublished.length - eventsLeft,
    eventsLeft,
    disconnectsNudged: disconnects.length,
    deletionsNudged: deletions.length,
  };
};
