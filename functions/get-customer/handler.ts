import { operation } from "#generated/operations/get-customer.js";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { CustomerStore } from "#shared/connection/store-ports.ts";
import { customerBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface GetCustomerDependencies {
  readonly log: Log;
  readonly customers: Pick<CustomerStore, "find">;
}

/** GET /v1/customers/{customer_id} */
export const createHandler = ({ log, customers }: GetCustomerDependencies) =>
  endpoint(operation, log, async ({ path }) => {
    const customer = await customers.find(path.customer_id as CustomerId);
    return customer === undefined ? problem("not_found") : json(200, customerBody(customer));
  });
