import { operation } from "#generated/operations/forward-to-finch.js";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { forwardReply, needsCustomerReply, withoutRetry } from "#shared/http/forward-reply.ts";
import { problem } from "#shared/http/problem.ts";
import { tokenProblem } from "#shared/http/token-problem.ts";
import type { Log } from "#shared/log.ts";
import { type ForwardRequestDependencies, forwardRequest } from "#shared/use/forward-request.ts";

/** The gateway gives up on its function after 29 s. */
const longestMs = 28_000;

/** ANY /v1/customers/{customer_id}/connections/{connection_id}/finch/{path+} */
export const createHandler = ({ log, ...deps }: ForwardRequestDependencies & { readonly log: Log }) => {
  const forward = forwardRequest(deps);

  return endpoint(operation, log, async ({ path, method, rawQuery, headers, body, caller, requestId, note }) => {
    const deadline = new Date(deps.now().getTime() + longestMs);
    const forwarded = await forward({
      customerId: path.customer_id as CustomerId,
      connectionId: path.connection_id as ConnectionId,
      path: path.path,
      query: new URLSearchParams(rawQuery),
      ...{ method, headers, body, caller, requestId, deadline },
    });
    if (forwarded.ok) {
      const { value } = forwarded;
      note({ reason: value.kind === "undecided" ? value.reason : value.kind });
      // What may have changed something at the provider is not to be sent twice by a library.
      return forwardReply(value, method === "GET");
    }
    const { refusal } = forwarded;
    note({ reason: refusal.reason });
    switch (refusal.reason) {
      case "not_forwarded":
        return problem("not_forwarded");
      case "reauthentication_required":
        return needsCustomerReply();
      default:
        // Finch's SDK repeats a 409; a connection that is held, or going, stays so for longer.
        return withoutRetry(tokenProblem(refusal));
    }
  });
};
