import { operation } from "#generated/operations/create-connect-session.js";
import {
  type CreateConnectSessionDependencies,
  type CreateSessionRefusal,
  createConnectSession,
} from "#shared/connection/create-connect-session.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { sessionBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { finchProblem } from "#shared/http/finch-problem.ts";
import { problem } from "#shared/http/problem.ts";
import { json, type Reply } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

/** POST /v1/customers/{customer_id}/connect-sessions */
export const createHandler = ({ log, ...deps }: CreateConnectSessionDependencies & { readonly log: Log }) => {
  const create = createConnectSession(deps);

  return endpoint(operation, log, async ({ path, body, note }) => {
    const { provider, auth_method = null } = body.integration ?? {};
    const created = await create({
      customerId: path.customer_id as CustomerId,
      products: body.products,
      integration: provider === undefined ? null : { provider, authMethod: auth_method },
      mode: body.mode,
      requireAcceptance: false,
      returnUrl: body.return_url ?? null,
      minutesToExpire: body.minutes_to_expire,
      sandbox: body.sandbox,
    });
    if (!created.ok) {
      note({ reason: created.refusal.reason });
      return toProblem(created.refusal);
    }
    const { session, connectUrl } = created.value;
    note({ session_id: session.sessionId });
    return json(201, { ...sessionBody(session, deps.now()), connect_url: connectUrl });
  });
};

const toProblem = (refusal: CreateSessionRefusal): Reply => {
  switch (refusal.reason) {
    case "customer_unknown":
      return problem("not_found");
    case "return_url_not_allowed":
      return problem("return_url_not_allowed", {
        errors: [{ field: "body.return_url", message: `must have one of the origins ${refusal.origins.join(", ")}` }],
      });
    case "connection_limit":
      return problem("connection_limit_reached");
    case "finch":
      return refusal.answer.kind === "refused"
        ? problem("invalid_request", {
            detail: `Finch does not accept this session: ${refusal.answer.message}`,
            errors: [{ field: "body", message: "must be acceptable to Finch: see detail" }],
          })
        : finchProblem(refusal.answer);
  }
};
