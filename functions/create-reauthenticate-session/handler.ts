import { operation } from "#generated/operations/create-reauthenticate-session.js";
import {
  type CreateReauthenticateSessionDependencies,
  createReauthenticateSession,
} from "#shared/connection/create-connect-session.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { newSessionBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { json } from "#shared/http/reply.ts";
import { createSessionProblem, refuseReturnUrlIfEmbedded } from "#shared/http/session-problem.ts";
import type { Log } from "#shared/log.ts";

/** POST /v1/customers/{customer_id}/connections/{connection_id}/reauthenticate-sessions */
export const createHandler = ({ log, ...deps }: CreateReauthenticateSessionDependencies & { readonly log: Log }) => {
  const create = createReauthenticateSession(deps);

  return endpoint(operation, log, async ({ path, body, caller, requestId, note }) => {
    const refused = refuseReturnUrlIfEmbedded(body);
    if (refused !== undefined) return refused;
    const created = await create({
      customerId: path.customer_id as CustomerId,
      connectionId: path.connection_id as ConnectionId,
      products: body.products ?? null,
      mode: body.mode,
      returnUrl: body.return_url ?? null,
      minutesToExpire: body.minutes_to_expire,
      by: { caller, requestId },
    });
    if (!created.ok) {
      note({ reason: created.refusal.reason });
      return createSessionProblem(created.refusal);
    }
    note({ session_id: created.value.session.sessionId });
    return json(201, newSessionBody(created.value, deps.now()));
  });
};
