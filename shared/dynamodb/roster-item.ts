import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import type { Source } from "../employee/record.ts";
import type { KeptDecision } from "../roster/ports.ts";
import {
  type ConnectionRead,
  type EntityRead,
  type ItemError,
  phases,
  type Roster,
  type RosterId,
  type RosterOutcome,
  readStates,
  rosterStates,
  waits,
} from "../roster/roster.ts";
import { type Item, readItem } from "./item.ts";
import { keys } from "./keys.ts";

/** A day after nobody is shown it any more. */
const rosterTtl = ({ expiresAt }: Pick<Roster, "expiresAt">): number => Math.ceil(expiresAt.getTime() / 1000) + 86_400;

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The roster as an item. */
export const toRosterItem = (roster: Roster): Item => ({
  ...keys.roster(roster.customerId, roster.rosterId),
  customer_id: roster.customerId,
  roster_id: roster.rosterId,
  state: roster.state,
  reason: roster.reason,
  started_at: roster.startedAt.toISOString(),
  finished_at: iso(roster.finishedAt),
  expires_at: roster.expiresAt.toISOString(),
  execution: roster.execution,
  stopped_execution: roster.stoppedExecution,
  ssn_key: roster.ssnKey,
  outcome: roster.outcome && toOutcome(roster.outcome),
  lease_until: iso(roster.leaseUntil),
  ttl: rosterTtl(roster),
});

/** What became of a run, as a map. */
export const toOutcome = ({ changes, possibleMatches, ...outcome }: RosterOutcome): Item => ({
  ...outcome,
  possible_matches: possibleMatches,
  changes: { ...changes },
});

/** The item as a roster. @throws TypeError if it is malformed. */
export const fromRosterItem = (item: Item): Roster => {
  const read = readItem(item);
  const outcome = read.mapOrNull("outcome");
  return {
    customerId: read.text("customer_id") as CustomerId,
    rosterId: read.text("roster_id") as RosterId,
    state: read.choice("state", rosterStates),
    reason: read.textOrNull("reason"),
    startedAt: read.date("started_at"),
    finishedAt: read.dateOrNull("finished_at"),
    expiresAt: read.date("expires_at"),
    execution: read.number("execution"),
    stoppedExecution: read.numberOrNull("stopped_execution"),
    ssnKey: item["ssn_key"] === null || item["ssn_key"] === undefined ? null : read.bytes("ssn_key"),
    outcome: outcome && fromOutcome(outcome),
    leaseUntil: read.dateOrNull("lease_until"),
  };
};

const fromOutcome = (item: Item): RosterOutcome => {
  const read = readItem(item);
  const changes = readItem(read.map("changes"));
  return {
    incomplete: read.flag("incomplete"),
    individuals: read.number("individuals"),
    employees: read.number("employees"),
    possibleMatches: read.number("possible_matches"),
    pages: read.number("pages"),
    changes: {
      joined: changes.number("joined"),
      left: changes.number("left"),
      moved: changes.number("moved"),
      merged: changes.number("merged"),
      split: changes.number("split"),
    },
  };
};

/** A connection's part of a roster as an item. */
export const toReadItem = (
  roster: Pick<Roster, "customerId" | "rosterId" | "expiresAt">,
  read: ConnectionRead,
): Item => ({
  ...keys.rosterRead(roster.customerId, roster.rosterId, read.connectionId),
  connection_id: read.connectionId,
  state: read.state,
  reason: read.reason,
  entities: read.entities.map(toEntity),
  item_errors: read.itemErrors.map(({ entityId, individualId, product, error }) => ({
    ...{ entity_id: entityId, individual_id: individualId, product, error },
  })),
  item_error_count: read.itemErrorCount,
  version: read.version,
  lease_until: iso(read.leaseUntil),
  ttl: rosterTtl(roster),
});

const toEntity = (entity: EntityRead): Item => ({
  entity_id: entity.entityId,
  state: entity.state,
  reason: entity.reason,
  pages: entity.pages,
  phase: entity.phase,
  people: entity.people,
  page_people: entity.pagePeople,
  is_last_page: entity.isLastPage,
  tries: entity.tries,
  waiting_for: entity.waitingFor,
  wait_until: iso(entity.waitUntil),
  untold: entity.untold,
  item_tries: entity.itemTries,
  not_ready_since: iso(entity.notReadySince),
  missing: { ...entity.missing },
});

/** The item as a connection's part. @throws TypeError if it is malformed. */
export const fromReadItem = (item: Item): ConnectionRead => {
  const read = readItem(item);
  return {
    connectionId: read.text("connection_id") as ConnectionId,
    state: read.choice("state", readStates),
    reason: read.textOrNull("reason"),
    entities: read.maps("entities").map(fromEntity),
    itemErrors: read.maps("item_errors").map(fromItemError),
    itemErrorCount: read.number("item_error_count"),
    version: read.number("version"),
    leaseUntil: read.dateOrNull("lease_until"),
  };
};

const fromEntity = (item: Item): EntityRead => {
  const read = readItem(item);
  return {
    entityId: read.textOrNull("entity_id"),
    state: read.choice("state", ["reading", "complete", "failed"]),
    reason: read.textOrNull("reason"),
    pages: read.number("pages"),
    phase: read.choice("phase", phases),
    people: read.number("people"),
    pagePeople: read.number("page_people"),
    isLastPage: read.flag("is_last_page"),
    tries: read.number("tries"),
    waitingFor: item["waiting_for"] === null ? null : read.choice("waiting_for", waits),
    waitUntil: read.dateOrNull("wait_until"),
    untold: read.number("untold"),
    itemTries: read.number("item_tries"),
    notReadySince: read.dateOrNull("not_ready_since"),
    missing: read.textMap("missing"),
  };
};

const fromItemError = (item: Item): ItemError => {
  const read = readItem(item);
  return {
    entityId: read.textOrNull("entity_id"),
    individualId: read.text("individual_id"),
    product: read.choice("product", phases),
    error: read.text("error"),
  };
};

/** A decision as an item. It stays as long as its customer. */
export const toDecisionItem = (customerId: CustomerId, pairHash: string, decision: KeptDecision): Item => ({
  ...keys.matchDecision(customerId, pairHash),
  a: toSource(decision.a),
  b: toSource(decision.b),
  same: decision.same,
  decided_at: decision.decidedAt.toISOString(),
  version: decision.version,
});

const toSource = ({ connection_id, individual_id }: Source) => ({ connection_id, individual_id });

/** The item as a decision. @throws TypeError if it is malformed. */
export const fromDecisionItem = (item: Item): KeptDecision => {
  const read = readItem(item);
  const source = (name: string): Source => {
    const part = readItem(read.map(name));
    return { connection_id: part.text("connection_id"), individual_id: part.text("individual_id") };
  };
  return {
    a: source("a"),
    b: source("b"),
    same: read.flag("same"),
    decidedAt: read.date("decided_at"),
    version: read.number("version"),
  };
};
