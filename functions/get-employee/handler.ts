import { operation } from "#generated/operations/get-employee.js";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { employeeBody } from "#shared/http/employee-body.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";
import { type FindEmployeesDependencies, findEmployee } from "#shared/roster/find-employees.ts";

/** GET /v1/customers/{customer_id}/employees/{employee_id} */
export const createHandler = ({ log, ...deps }: FindEmployeesDependencies & { readonly log: Log }) => {
  const find = findEmployee(deps);

  return endpoint(operation, log, async ({ path }) => {
    const found = await find(path.customer_id as CustomerId, path.employee_id);
    return found === undefined ? problem("not_found") : json(200, employeeBody(found.roster, found.employee));
  });
};
