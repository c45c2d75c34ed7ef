import { operation } from "#generated/operations/start-roster.js";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import { rosterBody } from "#shared/http/roster-body.ts";
import type { Log } from "#shared/log.ts";
import { type StartRosterDependencies, startRoster } from "#shared/roster/start-roster.ts";

/** POST /v1/customers/{customer_id}/employee-rosters */
export const createHandler = ({ log, ...deps }: StartRosterDependencies & { readonly log: Log }) => {
  const start = startRoster(deps);

  return endpoint(operation, log, async ({ path, caller, requestId }) => {
    const customerId = path.customer_id as CustomerId;
    const started = await start(customerId, { caller, requestId });
    if (!started.ok) return problem(started.refusal === "customer_unknown" ? "not_found" : started.refusal);
    const location = `/v1/customers/${encodeURIComponent(customerId)}/employee-rosters/${started.value.rosterId}`;
    return json(202, rosterBody(started.value, []), { location });
  });
};
