/** Rosters as tests want them, each field filled. */
import { randomUUID } from "node:crypto";
import type { PerchEvent } from "#shared/connection/events.ts";
import type { Roster, RosterId, RosterOutcome } from "#shared/roster/roster.ts";
import { afterNoon, minute, newCustomerId, noon } from "./builders.ts";

const changes = { joined: 2, left: 1, moved: 0, merged: 1, split: 0 };

/** A roster that runs. */
export const aRoster = (given: Partial<Roster> = {}): Roster => ({
  customerId: newCustomerId(),
  rosterId: randomUUID() as RosterId,
  state: "running",
  reason: null,
  startedAt: noon,
  finishedAt: null,
  expiresAt: afterNoon(30 * 24 * 60 * minute),
  execution: 1,
  stoppedExecution: null,
  ssnKey: null,
  outcome: null,
  leaseUntil: null,
  ...given,
});

/** What became of one. */
export const anOutcome = (given: Partial<RosterOutcome> = {}): RosterOutcome => ({
  ...{ incomplete: false, individuals: 7, employees: 5, possibleMatches: 1, pages: 1, changes },
  ...given,
});

/** What tells of it. */
export const aReadyEvent = ({ customerId, rosterId }: Roster): PerchEvent => ({
  eventId: randomUUID(),
  time: noon,
  type: "RosterReady",
  customerId,
  subject: { kind: "roster", id: rosterId, version: noon.getTime() },
  detail: {
    ...{ incomplete: false, employees: 5, previous_roster_id: null, counts: changes, truncated: false },
    ...{ joined: ["emp_1", "emp_2"], left: ["emp_3"], moved: [], split: [] },
    merged: [{ employee_id: "emp_1", from: ["emp_4", "emp_5"] }],
  },
});
