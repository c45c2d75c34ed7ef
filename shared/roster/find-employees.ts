import type { CustomerId } from "../connection/identifiers.ts";
import type { Surroundings } from "../connection/ports.ts";
import type { Employee } from "../employee/employee.ts";
import { fold } from "../employee/normalise/fold.ts";
import { type EmployeeIndex, employeePage, idPage, indexPage, type ListedEmployee, nameKey } from "./employee-pages.ts";
import type { PageVault, RosterStore } from "./ports.ts";
import { employeesPerPage, type Roster, type RosterId, type RosterOutcome } from "./roster.ts";

export interface FindEmployeesDependencies extends Pick<Surroundings, "now"> {
  readonly rosters: Pick<RosterStore, "current" | "find">;
  readonly pages: Pick<PageVault, "get">;
}

/** A roster that is ready. */
export type ReadyRoster = Roster & { readonly outcome: RosterOutcome };

/** Where the next page of a list begins: at this place of this roster, however many newer ones there are. */
export interface EmployeePosition {
  readonly rosterId: RosterId;
  readonly at: number;
}

/** What a list shows; all of it may be left out. Texts are prefixes. */
export interface EmployeeQuery {
  readonly limit: number;
  readonly from: EmployeePosition | undefined;
  readonly connectionId: string | undefined;
  /** Of the family name, with the first name behind it. */
  readonly name: string | undefined;
  readonly email: string | undefined;
}

export interface EmployeePageFound {
  readonly roster: ReadyRoster;
  readonly items: readonly Employee[];
  readonly next: EmployeePosition | undefined;
}

/** So many times `limit` is looked through at most for a page. */
const mostLookedThrough = 4;

/**
 * Creates the use case: a page of the newest roster, in the order of names and ids. It reads the roster's item, an object for
 * each hundred employees that it looks through, and one more where a filter says which of them to look through.
 *
 * @returns undefined where there is no roster (any more).
 */
export const listEmployees =
  (deps: FindEmployeesDependencies) =>
  async (customerId: CustomerId, query: EmployeeQuery): Promise<EmployeePageFound | undefined> => {
    const roster = await findReady(deps, customerId, query.from?.rosterId);
    if (roster === undefined) return undefined;
    const { employees } = roster.outcome;
    const prefix = query.name === undefined ? undefined : fold(query.name);
    const isFiltered = query.connectionId !== undefined || prefix !== undefined;
    const index = isFiltered ? ((await deps.pages.get(roster, indexPage)) as EmployeeIndex | undefined) : undefined;
    const items: Employee[] = [];
    let at = Math.max(query.from?.at ?? 0, startOf(index, prefix));
    let left = query.limit * (isFiltered || query.email !== undefined ? mostLookedThrough : 1);
    while (at < employees && items.length < query.limit && left > 0) {
      const page = Math.floor(at / employeesPerPage);
      const first = page * employeesPerPage;
      const end = Math.min(first + employeesPerPage, employees);
      if (query.connectionId !== undefined && index !== undefined && !holds(index, page, query.connectionId)) {
        at = end;
        continue;
      }
      const own = await readPage(deps, roster, page);
      for (; at < end && items.length < query.limit && left > 0; at += 1) {
        const employee = own[at - first];
        if (employee === undefined) continue;
        const key = prefix === undefined ? "" : nameKey(employee);
        // What comes before the prefix is in a page that is read anyway; behind it is none.
        if (prefix !== undefined && key < prefix) continue;
        if (prefix !== undefined && !key.startsWith(prefix)) return { roster, items, next: undefined };
        left -= 1;
        if (matches(employee, query)) items.push(employee);
      }
    }
    return { roster, items, next: at < employees ? { rosterId: roster.rosterId, at } : undefined };
  };

/**
 * Creates the use case: one employee of the newest roster, with what joined its records, its conflicts and whom it may also
 * be. Reads two objects.
 */
export const findEmployee =
  (deps: FindEmployeesDependencies) =>
  async (
    customerId: CustomerId,
    employeeId: string,
  ): Promise<{ readonly roster: ReadyRoster; readonly employee: ListedEmployee } | undefined> => {
    const roster = await findReady(deps, customerId, undefined);
    if (roster === undefined || roster.outcome.employees === 0) return undefined;
    const places = await deps.pages.get(roster, idPage(employeeId, roster.outcome.employees));
    const page = new Map(Object.entries(Object(places))).get(employeeId);
    if (typeof page !== "number") return undefined;
    const own = await readPage(deps, roster, page);
    const employee = own.find((each) => each.employee_id === employeeId);
    return employee && { roster, employee };
  };

const findReady = async (
  { rosters, now }: FindEmployeesDependencies,
  customerId: CustomerId,
  rosterId: RosterId | undefined,
): Promise<ReadyRoster | undefined> => {
  const wanted = rosterId ?? (await rosters.current(customerId)).newest;
  const roster = wanted === null ? undefined : await rosters.find(customerId, wanted);
  if (roster === undefined || roster.expiresAt <= now() || roster.outcome === null) return undefined;
  return { ...roster, outcome: roster.outcome };
};

const readPage = async (
  { pages }: FindEmployeesDependencies,
  roster: Roster,
  page: number,
): Promise<readonly ListedEmployee[]> => {
  const found = await pages.get(roster, employeePage(page));
  if (found === undefined) throw new Error("a page of a roster is gone");
  return found as readonly ListedEmployee[];
};

/** Where to begin for names of this prefix: in the last page that begins before it. */
const startOf = (index: EmployeeIndex | undefined, prefix: string | undefined): number => {
  if (index === undefined || prefix === undefined) return 0;
  let [low, high] = [0, index.pages.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((index.pages[middle]?.first ?? "") < prefix) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1) * employeesPerPage;
};

const holds = (index: EmployeeIndex, page: number, connectionId: string): boolean => {
  const place = index.connections.indexOf(connectionId);
  return index.pages[page]?.connections.includes(place) ?? false;
};

const matches = (employee: Employee, { connectionId, email }: EmployeeQuery): boolean => {
  if (connectionId !== undefined && !employee.sources.some(({ connection_id }) => connection_id === connectionId)) {
    return false;
  }
  return email === undefined || employee.emails.some(({ data }) => data && fold(data).startsWith(fold(email)));
};
