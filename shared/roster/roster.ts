/** A roster: everybody who is employed through a customer's connections, read and reconciled at one time. */
import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";

declare const brand: unique symbol;

/** Perch's id of a roster: a UUID. */
export type RosterId = string & { readonly [brand]: "RosterId" };

/** The text as a roster's id, or undefined if it cannot be one. */
export const parseRosterId = (text: string): RosterId | undefined =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text) ? (text as RosterId) : undefined;

export const rosterStates = ["running", "ready", "failed", "cancelled"] as const;
export type RosterState = (typeof rosterStates)[number];

/** One run: from the request to the employees. */
export interface Roster {
  readonly customerId: CustomerId;
  readonly rosterId: RosterId;
  readonly state: RosterState;
  /** Why it has failed; null for all else. */
  readonly reason: string | null;
  readonly startedAt: Date;
  /** When it was ready, failed or was cancelled. */
  readonly finishedAt: Date | null;
  /** Not shown any more from then on: its pages are gone soon after. */
  readonly expiresAt: Date;
  /** Which of its executions is on, from 1: one that was lost is followed by another. */
  readonly execution: number;
  /** The last of its executions that has ended and left it running; null where none has. */
  readonly stoppedExecution: number | null;
  /** The key of the run's SSN marks, sealed; null where no SSN is asked for. */
  readonly ssnKey: Uint8Array | null;
  /** Null until it is ready. */
  readonly outcome: RosterOutcome | null;
  /** Whoever reconciles it may write until then; null where nobody does. */
  readonly leaseUntil: Date | null;
}

/** True where nothing goes on with a running roster, until another execution follows the one that has ended. */
export const isStopped = ({ state, execution, stoppedExecution }: Roster): boolean =>
  state === "running" && stoppedExecution === execution;

/** What became of a run. */
export interface RosterOutcome {
  /** Not all of the connections could be read to their end. */
  readonly incomplete: boolean;
  readonly individuals: number;
  readonly employees: number;
  readonly possibleMatches: number;
  /** Objects that the employees lie in, `employeesPerPage` each. */
  readonly pages: number;
  readonly changes: ChangeCounts;
}

/** How many employees each kind of change is about. */
export interface ChangeCounts {
  readonly joined: number;
  readonly left: number;
  readonly moved: number;
  readonly merged: number;
  readonly split: number;
}

/** How many employees lie in one object. */
export const employeesPerPage = 100;

export const readStates = ["waiting", "reading", "complete", "incomplete", "failed"] as const;

/** How one connection's part goes. */
export interface ConnectionRead {
  readonly connectionId: ConnectionId;
  /** `incomplete`: some of its entities or people could not be read; `failed`: none of its entities. */
  readonly state: (typeof readStates)[number];
  /** Why it failed as a whole; null for all else. */
  readonly reason: string | null;
  readonly entities: readonly EntityRead[];
  /** The first of the people that could not be read, `mostItemErrors` at most. */
  readonly itemErrors: readonly ItemError[];
  /** All of them. */
  readonly itemErrorCount: number;
  readonly version: number;
  /** Whoever reads it may write until then; null where nobody does. */
  readonly leaseUntil: Date | null;
}

/** The reads of a page of people, in their order. */
export const phases = ["directory", "individual", "employment"] as const;
export type Phase = (typeof phases)[number];

/**
 * What a read waits for: its turn within Finch's limits, Finch to have fetched the data (202), Finch to answer, or to tell
 * of single people.
 */
export const waits = ["budget", "not_ready", "finch", "people"] as const;

/** How one entity's part goes. */
export interface EntityRead {
  /** Null for a connection of which Finch names none. */
  readonly entityId: string | null;
  readonly state: "reading" | "complete" | "failed";
  readonly reason: string | null;
  /** Pages that are read to their end, and so the number of the one that is read now. */
  readonly pages: number;
  readonly phase: Phase;
  /** People of the pages that are read to their end. */
  readonly people: number;
  /** How many people the page has that is read now. */
  readonly pagePeople: number;
  /** Whether the page that is read now is the last one. */
  readonly isLastPage: boolean;
  /** Tries of this read without Finch deciding. */
  readonly tries: number;
  /** What it waits for, and until when; null while it does not wait. */
  readonly waitingFor: (typeof waits)[number] | null;
  readonly waitUntil: Date | null;
  /** How many people of this read are to be asked for again, and how often that was done. */
  readonly untold: number;
  readonly itemTries: number;
  /** Since when Finch has been fetching it (202). */
  readonly notReadySince: Date | null;
  /** What of the people cannot be read for this entity, and why; the others are. */
  readonly missing: Readonly<Partial<Record<Phase, string>>>;
}

/** One person whom Finch did not tell. */
export interface ItemError {
  readonly entityId: string | null;
  readonly individualId: string;
  readonly product: Phase;
  /** Finch's name of the error. */
  readonly error: string;
}

/** So many errors of single people are kept of a connection; the rest is counted. */
export const mostItemErrors = 50;

/** A connection's part before its first read. */
export const unreadConnection = (connectionId: ConnectionId): ConnectionRead => ({
  connectionId,
  state: "waiting",
  ...{ reason: null, entities: [], itemErrors: [], itemErrorCount: 0, version: 0, leaseUntil: null },
});

/** An entity's part before its first read. */
export const unreadEntity = (entityId: string | null): EntityRead => ({
  ...{ entityId, state: "reading", reason: null, pages: 0, phase: "directory", people: 0, pagePeople: 0 },
  ...{ isLastPage: false, tries: 0, waitingFor: null, waitUntil: null, untold: 0, itemTries: 0 },
  ...{ notReadySince: null, missing: {} },
});

/** True where nothing is left to be read of a connection. */
export const isRead = ({ state }: ConnectionRead): boolean =>
  state === "complete" || state === "incomplete" || state === "failed";
