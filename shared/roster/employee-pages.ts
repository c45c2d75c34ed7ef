/** How a roster's employees lie in pages, so that a list's page is one or two of them, however many employees there are. */
import { hash } from "node:crypto";
import type { Employee, PossibleMatch } from "../employee/employee.ts";
import { fold } from "../employee/normalise/fold.ts";
import type { Reconciliation } from "../employee/reconcile.ts";
import { compareText } from "../employee/record.ts";
import type { PageContext, PageName, PageVault } from "./ports.ts";
import { employeesPerPage } from "./roster.ts";

/** An employee as a page has it. */
export interface ListedEmployee extends Employee {
  readonly possible_matches: readonly PossibleMatch[];
}

/** What is known of all pages: the name that each begins with, and the connections that its employees are of. */
export interface EmployeeIndex {
  /** Connections, each once; pages name them by their place here. */
  readonly connections: readonly string[];
  readonly pages: readonly { readonly first: string; readonly connections: readonly number[] }[];
}

/** Where the page of this number lies. */
export const employeePage = (page: number): PageName => `rosters/employees/${page}`;
export const indexPage: PageName = "rosters/index";
export const clustersPage: PageName = "rosters/clusters";

/** How many ids lie in one object, and so how much is read to find one employee. */
const idsPerPage = 2_000;

/** Where the place of an employee is found by its id: spread over so many objects as there are ids for. */
export const idPage = (employeeId: string, employees: number): PageName =>
  `rosters/ids/${Number.parseInt(hash("sha256", employeeId, "hex").slice(0, 8), 16) % idPages(employees)}`;

const idPages = (employees: number): number => Math.max(1, Math.ceil(employees / idsPerPage));

/** The text by which employees are in order, then by id: the family name, and the others. */
export const nameKey = ({ fields }: Pick<Employee, "fields">): string =>
  fold([fields.last_name, fields.first_name, fields.middle_name].filter((name) => typeof name === "string").join(" "));

const atOnce = 8;

/**
 * Writes a reconciliation's employees, in their order, and what they are found by.
 *
 * @returns how many pages there are.
 */
export const writeEmployees = async (
  pages: Pick<PageVault, "put">,
  roster: PageContext,
  reconciliation: Reconciliation,
  matches: readonly PossibleMatch[],
): Promise<number> => {
  const order: { readonly key: string; readonly id: string }[] = [];
  for (const employee of reconciliation.employees()) order.push({ key: nameKey(employee), id: employee.employee_id });
  order.sort((a, b) => compareText(a.key, b.key) || compareText(a.id, b.id));
  const matchesOf = byEmployee(matches);
  const places = new Map<string, number>();
  const index: { first: string; connections: number[] }[] = [];
  // Each of them, with ids or without: who asks for an object that is not there, and may not list them, is refused by S3.
  const ids = new Map<PageName, Record<string, number>>(
    Array.from({ length: idPages(order.length) }, (_, group) => [`rosters/ids/${group}`, {}]),
  );
  const count = Math.ceil(order.length / employeesPerPage);
  for (let from = 0; from < count; from += atOnce) {
    const writes: Promise<void>[] = [];
    for (let page = from; page < Math.min(from + atOnce, count); page += 1) {
      const own = order.slice(page * employeesPerPage, (page + 1) * employeesPerPage);
      const employees = own.flatMap(({ id }): ListedEmployee[] => {
        const employee = reconciliation.employee(id);
        return employee === undefined ? [] : [{ ...employee, possible_matches: matchesOf.get(id) ?? [] }];
      });
      const connections = new Set(employees.flatMap(({ sources }) => sources.map((source) => source.connection_id)));
      for (const id of connections) if (!places.has(id)) places.set(id, places.size);
      index.push({ first: own[0]?.key ?? "", connections: [...connections].map((id) => places.get(id) ?? 0) });
      for (const { id } of own) {
        const name = idPage(id, order.length);
        const group = ids.get(name) ?? {};
        group[id] = page;
        ids.set(name, group);
      }
      writes.push(pages.put(roster, employeePage(page), employees));
    }
    await Promise.all(writes);
  }
  const groups = [...ids];
  for (let from = 0; from < groups.length; from += atOnce) {
    await Promise.all(groups.slice(from, from + atOnce).map(([name, group]) => pages.put(roster, name, group)));
  }
  const connections = [...places.keys()];
  await pages.put(roster, indexPage, { connections, pages: index } satisfies EmployeeIndex);
  return count;
};

const byEmployee = (matches: readonly PossibleMatch[]): ReadonlyMap<string, readonly PossibleMatch[]> => {
  const found = new Map<string, PossibleMatch[]>();
  for (const match of matches) {
    for (const id of new Set([match.a.employee_id, match.b.employee_id])) {
      const own = found.get(id) ?? [];
      own.push(match);
      found.set(id, own);
    }
  }
  return found;
};
