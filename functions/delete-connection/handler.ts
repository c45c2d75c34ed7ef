import { operation } from "#generated/operations/delete-connection.js";
import {
  type ChangeConnectionDependencies,
  discardConnection,
  requestDisconnect,
} from "#shared/connection/change-connection.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import type { NudgeDisconnects } from "#shared/connection/nudge-disconnects.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import { changeProblem } from "#shared/http/change-problem.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { json, noContent } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";
import { withoutFailing } from "#shared/nudge.ts";

export interface DeleteConnectionDependencies extends ChangeConnectionDependencies {
  readonly log: Log;
  readonly nudgeDisconnects: NudgeDisconnects;
}

/** DELETE /v1/customers/{customer_id}/connections/{connection_id} */
export const createHandler = ({ log, ...deps }: DeleteConnectionDependencies) => {
  const discard = discardConnection(deps);
  const nudgeDisconnects = withoutFailing(deps.nudgeDisconnects, log, operation.name);
  const disconnect = requestDisconnect({ ...deps, nudgeDisconnects });

  return endpoint(operation, log, async ({ path, query, caller, requestId, note }) => {
    const by = { caller, requestId };
    const customerId = path.customer_id as CustomerId;
    const connectionId = path.connection_id as ConnectionId;
    if (!query.disconnect) {
      const discarded = await discard(customerId, connectionId, by);
      note({ reason: discarded.ok ? "discarded" : discarded.refusal.reason });
      if (discarded.ok) return noContent();
      if (discarded.refusal.reason === "connection_unknown") return changeProblem(discarded.refusal);
      // In use, or being disconnected: nothing to discard.
    }
    const requested = await disconnect(customerId, connectionId, by);
    return requested.ok ? json(202, connectionBody(requested.value)) : changeProblem(requested.refusal);
  });
};
