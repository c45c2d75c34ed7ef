import { operation } from "#generated/operations/accept-connection.js";
import { acceptConnection, type ChangeConnectionDependencies } from "#shared/connection/change-connection.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import { changeProblem } from "#shared/http/change-problem.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface AcceptConnectionDependencies
  extends Pick<ChangeConnectionDependencies, "now" | "newId" | "connections"> {
  readonly log: Log;
}

/** POST /v1/customers/{customer_id}/connections/{connection_id}/accept */
export const createHandler = ({ log, ...deps }: AcceptConnectionDependencies) => {
  const accept = acceptConnection(deps);

  return endpoint(operation, log, async ({ path, caller, requestId, note }) => {
    const by = { caller, requestId };
    const accepted = await accept(path.customer_id as CustomerId, path.connection_id as ConnectionId, by);
    if (accepted.ok) return json(200, connectionBody(accepted.value));
    note({ reason: accepted.refusal.reason });
    return changeProblem(accepted.refusal);
  });
};
