/** Employees made by hand, in pages as a roster has them, and what was read of those. */
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { Employee, PossibleMatch } from "#shared/employee/employee.ts";
import type { Reconciliation } from "#shared/employee/reconcile.ts";
import { writeEmployees } from "#shared/roster/employee-pages.ts";
import { findEmployee, listEmployees } from "#shared/roster/find-employees.ts";
import type { PageContext, PageName } from "#shared/roster/ports.ts";
import type { Roster, RosterId } from "#shared/roster/roster.ts";
import { afterNoon, newCustomerId, noon } from "../../support/builders.ts";

/** One who is called that, of one connection. */
export const anEmployee = (
  employee_id: string,
  last_name: string | null,
  {
    first = null,
    connection = "a",
    email = null,
  }: { first?: string | null; connection?: string; email?: string | null } = {},
): Employee => {
  const empty = { middle_name: null, preferred_name: null, dob: null, gender: null, residence: null, title: null };
  const job = { department: null, employment_status: null, is_active: null, start_date: null, end_date: null };
  return {
    ...{ employee_id, sources: [{ connection_id: connection, individual_id: employee_id }] },
    fields: { ...empty, ...job, first_name: first, last_name },
    ...{ emails: email === null ? [] : [{ data: email }], phone_numbers: [], confidence: 1, why: [], conflicts: [] },
  };
};

const reconciliationOf = (employees: readonly Employee[]): Reconciliation => {
  const byId = new Map(employees.map((employee) => [employee.employee_id, employee]));
  return {
    counts: { individuals: employees.length, employees: employees.length, compared: 0 },
    employees: () => employees,
    clusters: () => employees,
    employee: (id) => byId.get(id),
    employeeOf: () => undefined,
    possibleMatches: () => [],
    explain: () => undefined,
  };
};

const three = (at: number): string => `${at}`.padStart(3, "0");

/** So many, a thousand at most, whose names are in the order of their numbers. */
export const numbered = (count: number, connectionOf = (_: number) => "a"): readonly Employee[] =>
  Array.from({ length: count }, (_, at) =>
    anEmployee(`e${three(at)}`, `n${three(at)}`, { connection: connectionOf(at), email: `p${three(at)}@a.example` }),
  );

/** A ready roster of these, with the names of the objects that were read, and how many were written at once. */
export const createMadeRoster = async (employees: readonly Employee[], matches: readonly PossibleMatch[] = []) => {
  const customerId: CustomerId = newCustomerId();
  const rosterId = "the-roster" as RosterId;
  const objects = new Map<PageName, unknown>();
  const read: string[] = [];
  const writing = { now: 0, most: 0 };
  const pages = {
    async put(_: PageContext, name: PageName, value: unknown) {
      writing.now += 1;
      writing.most = Math.max(writing.most, writing.now);
      await new Promise(setImmediate);
      writing.now -= 1;
      objects.set(name, value);
    },
    async get(_: PageContext, name: PageName) {
      read.push(name);
      return objects.get(name);
    },
  };
  const pageCount = await writeEmployees(pages, { customerId, rosterId }, reconciliationOf(employees), matches);
  const changes = { joined: 0, left: 0, moved: 0, merged: 0, split: 0 };
  const roster: Roster = {
    ...{ customerId, rosterId, state: "ready", reason: null, startedAt: noon, finishedAt: noon, execution: 1 },
    stoppedExecution: null,
    ...{ expiresAt: afterNoon(1_000), ssnKey: null, leaseUntil: null },
    outcome: {
      ...{ incomplete: false, individuals: employees.length, employees: employees.length, possibleMatches: 0 },
      ...{ pages: pageCount, changes },
    },
  };
  const rosters = new Map([[rosterId, roster]]);
  const current = { running: null, newest: rosterId as RosterId | null };
  let now = noon;
  const deps = {
    pages,
    rosters: {
      current: async () => current,
      find: async (of: CustomerId, id: RosterId | null) => {
        if (id === null) throw new Error("nobody names a roster");
        return of === customerId ? rosters.get(id) : undefined;
      },
    },
    now: () => now,
  };
  const query = { limit: 100, from: undefined, connectionId: undefined, name: undefined, email: undefined };
  return {
    ...{ customerId, rosterId, objects, read, writing, pageCount, roster, rosters, current },
    at: (time: Date) => {
      now = time;
    },
    list: (changed: Partial<Parameters<ReturnType<typeof listEmployees>>[1]> = {}) =>
      listEmployees(deps)(customerId, { ...query, ...changed }),
    find: (id: string) => findEmployee(deps)(customerId, id),
  };
};
