/** Rosters and employees as the API tells them, field by field, and where a list of employees goes on. */
import { describe, expect, it } from "vitest";
import type { Join } from "#shared/employee/employee.ts";
import { employeeBody, listedEmployeeBody, readEmployeeCursor, toEmployeeCursor } from "#shared/http/employee-body.ts";
import { rosterBody } from "#shared/http/roster-body.ts";
import type { ListedEmployee } from "#shared/roster/employee-pages.ts";
import { type Roster, type RosterId, unreadConnection, unreadEntity } from "#shared/roster/roster.ts";
import { afterNoon, newConnectionId, newCustomerId, noon } from "../../support/builders.ts";

const rosterId = "0f8fad5b-d9cb-469f-a165-70867728950e" as RosterId;
const changes = { joined: 1, left: 2, moved: 3, merged: 4, split: 5 };
const outcome = { incomplete: false, individuals: 6, employees: 7, possibleMatches: 8, pages: 9, changes };
const roster: Roster = {
  ...{ customerId: newCustomerId(), rosterId, state: "running", reason: null, startedAt: noon, finishedAt: null },
  ...{ expiresAt: afterNoon(2_000), execution: 3, ssnKey: Uint8Array.of(7), outcome: null, leaseUntil: afterNoon(5) },
  stoppedExecution: null,
};

describe("a roster's body", () => {
  it("says how far it is, and null for what is not known before it is ready", () => {
    expect(rosterBody(roster, [])).toEqual({
      ...{ roster_id: rosterId, customer_id: roster.customerId, status: "running", failure_reason: null },
      ...{ started_at: noon.toISOString(), finished_at: null, expires_at: afterNoon(2_000).toISOString() },
      ...{ incomplete: null, individual_count: null, employee_count: null, possible_match_count: null, changes: null },
      connections: [],
    });
  });

  it("says what came of it", () => {
    const ready = { ...roster, state: "ready" as const, outcome, finishedAt: afterNoon(1_000) };
    expect(rosterBody(ready, [])).toMatchObject({
      ...{ status: "ready", finished_at: afterNoon(1_000).toISOString(), incomplete: false, changes },
      ...{ individual_count: 6, employee_count: 7, possible_match_count: 8 },
    });
    expect(rosterBody({ ...roster, state: "failed", reason: "internal_error" }, [])).toMatchObject({
      ...{ status: "failed", failure_reason: "internal_error" },
    });
  });

  it("says that it has stopped where the execution that is on has ended, and it is neither ready nor has failed", () => {
    const statusOf = (changed: Partial<Roster>) => rosterBody({ ...roster, ...changed }, []).status;
    expect(statusOf({ stoppedExecution: 3 })).toBe("stopped");
    expect(statusOf({ stoppedExecution: 2 })).toBe("running");
    for (const state of ["ready", "failed", "cancelled"] as const) {
      expect(statusOf({ state, stoppedExecution: 3 })).toBe(state);
    }
  });

  it("has each connection with its entities and the people who could not be read", () => {
    const connectionId = newConnectionId();
    const error = {
      entityId: "e1",
      individualId: "one",
      product: "individual",
      error: "individual_not_found",
    } as const;
    const waiting = { ...unreadEntity("e1"), waitingFor: "budget" as const, waitUntil: afterNoon(9), people: 100 };
    const failed = { ...unreadEntity(null), state: "failed" as const, reason: "not_ready" };
    const read = {
      ...{ ...unreadConnection(connectionId), state: "incomplete" as const, reason: "internal_error" },
      ...{ entities: [waiting, { ...failed, missing: { individual: "not_granted" } }] },
      ...{ itemErrors: [error], itemErrorCount: 70, leaseUntil: noon },
    };
    const entity = { status: "reading", failure_reason: null, waiting_for: null, waiting_until: null, missing: {} };
    expect(rosterBody(roster, [read]).connections).toEqual([
      {
        ...{ connection_id: connectionId, status: "incomplete", failure_reason: "internal_error", error_count: 70 },
        entities: [
          {
            ...{ ...entity, entity_id: "e1", people_read: 100 },
            ...{ waiting_for: "budget", waiting_until: afterNoon(9).toISOString() },
          },
          {
            ...{ ...entity, entity_id: null, people_read: 0, status: "failed", failure_reason: "not_ready" },
            missing: { individual: "not_granted" },
          },
        ],
        errors: [{ entity_id: "e1", individual_id: "one", product: "individual", error: "individual_not_found" }],
      },
    ]);
  });
});

const [mine, theirs] = ["a", "b"].map((connection_id) => ({ connection_id, individual_id: "one" }));
const [a, b] = [mine ?? expect.fail(), { ...(theirs ?? expect.fail()), entity_id: "e2" }];
const told = (source: typeof a) => ({ entity_id: null, ...source });
const join: Join = { a, b, rule: "ssn", confidence: 0.99, evidence: [{ field: "ssn", level: "same", bits: 20 }] };
const match = (one: string, other: string) => ({
  ...{ a: { ...a, employee_id: one }, b: { ...b, employee_id: other }, confidence: 0.5, why: "a test", evidence: [] },
});
const noFields = {
  ...{ first_name: "Ann", middle_name: null, last_name: "Cole", preferred_name: null, dob: null, gender: null },
  ...{ residence: null, title: null, department: null, employment_status: null, is_active: true },
  ...{ start_date: null, end_date: null },
};
const employee: ListedEmployee = {
  ...{ employee_id: "e1", sources: [a, b], fields: noFields, confidence: 0.99, why: [join] },
  emails: [{ data: "a@b.example", type: "work" }, { data: "c@d.example" }],
  phone_numbers: [{ data: "1" }, { data: "2", type: "home" }],
  conflicts: [{ field: "title", values: [{ value: "Baker", sources: [a] }], won: b, rule: "newest" }],
  possible_matches: [match("e1", "e2"), match("e3", "e1")],
};

describe("an employee's body", () => {
  const listed = {
    ...{ employee_id: "e1", ...noFields, sources: [told(a), told(b)], confidence: 0.99 },
    emails: [
      { data: "a@b.example", type: "work" },
      { data: "c@d.example", type: null },
    ],
    phone_numbers: [
      { data: "1", type: null },
      { data: "2", type: "home" },
    ],
  };

  it("in a list has what is known, and of no entity null", () => {
    expect(listedEmployeeBody(employee)).toEqual(listed);
  });

  it("of its own has what joined its records, where they differ, and who it may also be, whichever side it is on", () => {
    const other = { confidence: 0.5, why: "a test", evidence: [] };
    expect(employeeBody({ ...roster, outcome }, employee)).toEqual({
      ...{ ...listed, roster_id: rosterId, why: [{ ...join, a: told(a), b: told(b) }] },
      conflicts: [{ field: "title", values: [{ value: "Baker", sources: [told(a)] }], won: told(b), rule: "newest" }],
      possible_matches: [
        { ...other, employee_id: "e2", own: told(a), other: told(b) },
        { ...other, employee_id: "e3", own: told(b), other: told(a) },
      ],
    });
  });
});

describe("where a list of employees goes on", () => {
  const cursorOf = (text: string) => Buffer.from(text).toString("base64url");

  it("is in the cursor, as URLs may have it, and there is none on the last page", () => {
    for (const at of [0, 7, 999_999_999]) {
      const cursor = toEmployeeCursor({ rosterId, at });
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(readEmployeeCursor(cursor ?? undefined)).toEqual({ ok: true, value: { rosterId, at } });
    }
    expect(toEmployeeCursor(undefined)).toBeNull();
    expect(readEmployeeCursor(undefined)).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ...["", "!", cursorOf(rosterId), cursorOf(`${rosterId} `), cursorOf(`${rosterId} -1`), cursorOf(`${rosterId} 1.5`)],
    ...[cursorOf(`${rosterId} 1234567890`), cursorOf(`${rosterId} 1 2`), cursorOf(`${rosterId} x1`)],
    ...[cursorOf(`${rosterId} 1x`), cursorOf("another 1"), cursorOf(" 1"), cursorOf(`${rosterId}1`)],
  ])("is nowhere by %j, which no page has given out", (cursor) => {
    const read = readEmployeeCursor(cursor);
    const reply = read.ok ? expect.fail("it was taken") : read.refusal;
    expect(reply.statusCode).toBe(400);
    expect(JSON.parse(`${reply.body}`)).toMatchObject({
      errors: [{ field: "query.cursor", message: "must be the next_cursor of an earlier page, unchanged" }],
    });
  });
});
