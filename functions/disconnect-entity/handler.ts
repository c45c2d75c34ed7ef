import { operation } from "#generated/operations/disconnect-entity.js";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import {
  type RequestEntityDisconnectDependencies,
  requestEntityDisconnect,
} from "#shared/connection/request-entity-disconnect.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import { changeProblem } from "#shared/http/change-problem.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";
import { withoutFailing } from "#shared/nudge.ts";

/** DELETE /v1/customers/{customer_id}/connections/{connection_id}/entities/{entity_id} */
export const createHandler = ({ log, ...deps }: RequestEntityDisconnectDependencies & { readonly log: Log }) => {
  const nudgeDisconnects = withoutFailing(deps.nudgeDisconnects, log, operation.name);
  const disconnect = requestEntityDisconnect({ ...deps, nudgeDisconnects });

  return endpoint(operation, log, async ({ path, caller, requestId, note }) => {
    const requested = await disconnect(
      path.customer_id as CustomerId,
      path.connection_id as ConnectionId,
      path.entity_id,
      { caller, requestId },
    );
    if (requested.ok) return json(202, connectionBody(requested.value));
    note({ reason: requested.refusal.reason });
    return changeProblem(requested.refusal);
  });
};
