import type { Employee, Join } from "../employee/employee.ts";
import type { Source } from "../employee/record.ts";
import { ok, type Result, refuse } from "../result.ts";
import type { ListedEmployee } from "../roster/employee-pages.ts";
import type { EmployeePosition, ReadyRoster } from "../roster/find-employees.ts";
import { parseRosterId } from "../roster/roster.ts";
import { problem } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** An employee as a list has it. */
export const listedEmployeeBody = ({ employee_id, fields, emails, phone_numbers, sources, confidence }: Employee) => ({
  employee_id,
  ...fields,
  emails: emails.map(({ data, type }) => ({ data, type: type ?? null })),
  phone_numbers: phone_numbers.map(({ data, type }) => ({ data, type: type ?? null })),
  sources: sources.map(sourceBody),
  confidence,
});

/** The same with what explains it. */
export const employeeBody = (roster: ReadyRoster, employee: ListedEmployee) => ({
  ...listedEmployeeBody(employee),
  roster_id: roster.rosterId,
  why: employee.why.map(joinBody),
  conflicts: employee.conflicts.map(({ field, values, won, rule }) => ({
    field,
    values: values.map(({ value, sources }) => ({ value, sources: sources.map(sourceBody) })),
    won: sourceBody(won),
    rule,
  })),
  possible_matches: employee.possible_matches.map(({ a, b, confidence, why, evidence }) => {
    const [own, other] = a.employee_id === employee.employee_id ? [a, b] : [b, a];
    return {
      employee_id: other.employee_id,
      own: sourceBody(own),
      other: sourceBody(other),
      confidence,
      why,
      evidence,
    };
  }),
});

const joinBody = ({ a, b, rule, confidence, evidence }: Join) => ({
  a: sourceBody(a),
  b: sourceBody(b),
  ...{ rule, confidence, evidence },
});

const sourceBody = ({ connection_id, entity_id, individual_id }: Source) => ({
  connection_id,
  entity_id: entity_id ?? null,
  individual_id,
});

/** The `next_cursor` of a page of employees; null on the last one. It tells a place and no name. */
export const toEmployeeCursor = (next: EmployeePosition | undefined): string | null =>
  next === undefined ? null : Buffer.from(`${next.rosterId} ${next.at}`).toString("base64url");

/** Reads it; a 400 for one that no page has given out. */
export const readEmployeeCursor = (cursor: string | undefined): Result<EmployeePosition | undefined, Reply> => {
  if (cursor === undefined) return ok(undefined);
  const [id = "", at = "", ...more] = Buffer.from(cursor, "base64url").toString("latin1").split(" ");
  const rosterId = parseRosterId(id);
  if (rosterId !== undefined && /^\d{1,9}$/.test(at) && more.length === 0) return ok({ rosterId, at: Number(at) });
  const message = "must be the next_cursor of an earlier page, unchanged";
  return refuse(problem("invalid_request", { errors: [{ field: "query.cursor", message }] }));
};
