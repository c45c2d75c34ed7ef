import { operation } from "#generated/operations/update-connection.js";
import { type ChangeConnectionDependencies, labelConnection } from "#shared/connection/change-connection.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import { changeProblem } from "#shared/http/change-problem.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface UpdateConnectionDependencies
  extends Pick<ChangeConnectionDependencies, "now" | "newId" | "connections"> {
  readonly log: Log;
}

/** PATCH /v1/customers/{customer_id}/connections/{connection_id} */
export const createHandler = ({ log, ...deps }: UpdateConnectionDependencies) => {
  const label = labelConnection(deps);

  return endpoint(operation, log, async ({ path, body, caller, requestId }) => {
    const by = { caller, requestId };
    const labelled = await label(path.customer_id as CustomerId, path.connection_id as ConnectionId, body, by);
    return labelled.ok ? json(200, connectionBody(labelled.value)) : changeProblem(labelled.refusal);
  });
};
