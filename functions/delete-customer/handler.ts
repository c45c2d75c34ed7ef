import { operation } from "#generated/operations/delete-customer.js";
import {
  type DeleteCustomerDependencies,
  deleteCustomer,
  type NudgeDeletions,
} from "#shared/connection/delete-customer.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { deletionBody } from "#shared/http/deletion-body.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import { describeError, type Log } from "#shared/log.ts";

interface HandlerDependencies extends DeleteCustomerDependencies {
  readonly log: Log;
  readonly nudgeDeletions: NudgeDeletions;
}

/** DELETE /v1/customers/{customer_id} */
export const createHandler = ({ log, nudgeDeletions, ...deps }: HandlerDependencies) => {
  const remove = deleteCustomer(deps);

  return endpoint(operation, log, async ({ path, caller, requestId, note }) => {
    const removed = await remove(path.customer_id as CustomerId, { caller, requestId });
    if (!removed.ok) return problem("not_found");
    const { deletionId } = removed.value;
    // It is due in the table: without the nudge the sweep begins it.
    await nudgeDeletions([deletionId]).catch((error: unknown) => note(describeError(error)));
    return json(202, deletionBody(removed.value, []), { location: `/v1/customer-deletions/${deletionId}` });
  });
};
