import { operation } from "#generated/operations/list-employees.js";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { listedEmployeeBody, readEmployeeCursor, toEmployeeCursor } from "#shared/http/employee-body.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";
import { type FindEmployeesDependencies, listEmployees } from "#shared/roster/find-employees.ts";

/** GET /v1/customers/{customer_id}/employees */
export const createHandler = ({ log, ...deps }: FindEmployeesDependencies & { readonly log: Log }) => {
  const list = listEmployees(deps);

  return endpoint(operation, log, async ({ path, query, note }) => {
    const cursor = readEmployeeCursor(query.cursor);
    if (!cursor.ok) return cursor.refusal;
    const { limit, connection_id: connectionId, name, email } = query;
    const wish = { limit, from: cursor.value, connectionId, name, email };
    const found = await list(path.customer_id as CustomerId, wish);
    if (found === undefined) return problem("not_found");
    const { roster, items, next } = found;
    note({ count: items.length });
    return json(200, {
      roster_id: roster.rosterId,
      incomplete: roster.outcome.incomplete,
      employees: items.map(listedEmployeeBody),
      next_cursor: toEmployeeCursor(next),
    });
  });
};
