import { operation } from "#generated/operations/put-customer.js";
import { type AuditStore, entryOf } from "#shared/connection/audit.ts";
import type { CustomerMode } from "#shared/connection/customer.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { Surroundings } from "#shared/connection/ports.ts";
import type { CustomerStore } from "#shared/connection/store-ports.ts";
import { customerBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface PutCustomerDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly log: Log;
  readonly customers: Pick<CustomerStore, "put">;
  readonly audit: Pick<AuditStore, "record">;
  /** The mode of a new customer whose request names none. */
  readonly defaultMode: CustomerMode;
}

/** PUT /v1/customers/{customer_id} */
export const createHandler = ({ log, customers, audit, defaultMode, now, newId }: PutCustomerDependencies) =>
  endpoint(operation, log, async ({ path, body, caller, requestId }) => {
    const customerId = path.customer_id as CustomerId;
    const { name, email = null, mode, metadata = {} } = body;
    const profile = { customerId, name, email, metadata, ...(mode !== undefined && { mode }) };
    const put = await customers.put(profile, { incarnation: newId(), defaultMode, now: now() });
    if (!put.ok && put.refusal === "customer_deleting") return problem("customer_deleting");
    if (!put.ok) {
      return problem("connection_limit_reached", {
        detail: "The customer owns more than one connection. Disconnect all but one before setting mode to single.",
      });
    }
    const act = { customerId, action: "customer_put", at: put.value.customer.updatedAt } as const;
    await audit.record(entryOf({ newId }, { caller, requestId }, act));
    return json(put.value.created ? 201 : 200, customerBody(put.value.customer));
  });
