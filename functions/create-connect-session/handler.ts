import { operation } from "#generated/operations/create-connect-session.js";
import {
  type CreateConnectSessionDependencies,
  createConnectSession,
} from "#shared/connection/create-connect-session.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { newSessionBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { json } from "#shared/http/reply.ts";
import { createSessionProblem, refuseReturnUrlIfEmbedded } from "#shared/http/session-problem.ts";
import type { Log } from "#shared/log.ts";

/** POST /v1/customers/{customer_id}/connect-sessions */
export const createHandler = ({ log, ...deps }: CreateConnectSessionDependencies & { readonly log: Log }) => {
  const create = createConnectSession(deps);

  return endpoint(operation, log, async ({ path, body, caller, requestId, note }) => {
    const refused = refuseReturnUrlIfEmbedded(body);
    if (refused !== undefined) return refused;
    const { provider, auth_method = null } = body.integration ?? {};
    const created = await create({
      customerId: path.customer_id as CustomerId,
      products: body.products,
      integration: provider === undefined ? null : { provider, authMethod: auth_method },
      mode: body.mode,
      requireAcceptance: body.require_acceptance,
      returnUrl: body.return_url ?? null,
      minutesToExpire: body.minutes_to_expire,
      sandbox: body.sandbox,
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
