/** Rosters, their parts and decisions, to items and back. */
import { describe, expect, it } from "vitest";
import {
  fromDecisionItem,
  fromReadItem,
  fromRosterItem,
  toDecisionItem,
  toReadItem,
  toRosterItem,
} from "#shared/dynamodb/roster-item.ts";
import {
  type ConnectionRead,
  type EntityRead,
  phases,
  type Roster,
  type RosterId,
  readStates,
  rosterStates,
  unreadConnection,
  unreadEntity,
  waits,
} from "#shared/roster/roster.ts";
import { afterNoon, newConnectionId, newCustomerId, noon } from "../../support/builders.ts";

const roster: Roster = {
  ...{ customerId: newCustomerId(), rosterId: "a-roster" as RosterId, state: "running", reason: null },
  ...{ startedAt: noon, finishedAt: null, expiresAt: afterNoon(1_001), execution: 1, ssnKey: null, outcome: null },
  ...{ leaseUntil: null, stoppedExecution: null },
};
const changes = { joined: 1, left: 2, moved: 3, merged: 4, split: 5 };
const entity = unreadEntity("entity-1");
const part = unreadConnection(newConnectionId());
/** A day after the second in which the roster expires has ended. */
const ttl = noon.getTime() / 1_000 + 2 + 86_400;

describe("a roster", () => {
  it.each<[string, Partial<Roster>]>([
    ["as it begins", {}],
    ["that has failed", { state: "failed", reason: "internal_error", finishedAt: afterNoon(5) }],
    ["that has stopped, and goes on", { execution: 3, stoppedExecution: 2 }],
    ["with a key and a lease", { ssnKey: Uint8Array.of(1, 2), leaseUntil: afterNoon(7), execution: 3 }],
    [
      "that is ready",
      {
        state: "ready",
        outcome: { incomplete: true, individuals: 6, employees: 7, possibleMatches: 8, pages: 9, changes },
      },
    ],
  ])("%s comes back as it was", (_, changed) => {
    const item = toRosterItem({ ...roster, ...changed });
    expect(fromRosterItem(item)).toEqual({ ...roster, ...changed });
    expect(item["ttl"]).toBe(ttl);
  });

  it("may be in each of its states and in no other, and may be older than keys and stops are", () => {
    for (const state of rosterStates) expect(fromRosterItem(toRosterItem({ ...roster, state })).state).toBe(state);
    const { ssn_key: _, stopped_execution: __, ...older } = toRosterItem(roster);
    expect(fromRosterItem(older)).toEqual(roster);
    expect(() => fromRosterItem({ ...toRosterItem(roster), state: "waiting" })).toThrow(TypeError);
    expect(() => fromRosterItem({ ...toRosterItem(roster), reason: 7 })).toThrow(TypeError);
    expect(() => fromRosterItem({ ...toRosterItem(roster), stopped_execution: "1" })).toThrow(TypeError);
  });
});

describe("a connection's part", () => {
  const cameBack = (changed: Partial<ConnectionRead>) => fromReadItem(toReadItem(roster, { ...part, ...changed }));

  it("comes back as it was, and goes with its roster", () => {
    const full: ConnectionRead = {
      ...{ ...part, state: "incomplete", reason: "connection_ended", itemErrorCount: 9, version: 4 },
      leaseUntil: afterNoon(3),
      itemErrors: [null, "entity-1"].map((entityId) => ({
        ...{ entityId, individualId: "one", product: "employment", error: "individual_not_found" },
      })),
      entities: [entity, unreadEntity(null)],
    };
    expect(cameBack(full)).toEqual(full);
    expect(cameBack({})).toEqual(part);
    expect(toReadItem(roster, part)["ttl"]).toBe(ttl);
    for (const state of readStates) expect(cameBack({ state }).state).toBe(state);
  });

  it.each<[string, Partial<EntityRead>]>([
    ["that is read", { state: "complete", pages: 3, people: 250 }],
    ["that has failed", { state: "failed", reason: "not_ready" }],
    ["within a page", { pages: 1, people: 100, pagePeople: 50, isLastPage: true, phase: "employment" }],
    ["that lacks a product", { missing: { individual: "not_granted" } }],
    ["that asks again", { untold: 3, itemTries: 2, tries: 1, waitingFor: "people", waitUntil: afterNoon(9) }],
    ["that Finch fetches", { waitingFor: "not_ready", waitUntil: afterNoon(9), notReadySince: afterNoon(-9) }],
  ])("has an entity %s", (_, changed) => {
    expect(cameBack({ entities: [{ ...entity, ...changed }] }).entities).toEqual([{ ...entity, ...changed }]);
  });

  it("has an entity in each phase and each wait", () => {
    const each: EntityRead[] = phases.flatMap((phase) => waits.map((waitingFor) => ({ ...entity, phase, waitingFor })));
    expect(cameBack({ entities: each }).entities).toEqual(each);
  });
});

it("a decision comes back as it was, by individuals, whatever entity they were named with", () => {
  const [a, b] = ["one", "two"].map((individual_id) => ({ connection_id: newConnectionId(), individual_id }));
  if (a === undefined || b === undefined) return expect.fail();
  const decision = { a, b, same: false, decidedAt: noon, version: 2 };
  const item = toDecisionItem(roster.customerId, "hash", { ...decision, a: { ...a, entity_id: "entity-1" } });
  expect(fromDecisionItem(item)).toEqual(decision);
  expect(fromDecisionItem(toDecisionItem(roster.customerId, "hash", { ...decision, same: true })).same).toBe(true);
  return undefined;
});
