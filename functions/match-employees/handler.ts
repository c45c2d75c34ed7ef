import { operation } from "#generated/operations/match-employees.js";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";
import { type DecideMatchDependencies, decideMatch } from "#shared/roster/decide-match.ts";

/** PUT /v1/customers/{customer_id}/employee-matches */
export const createHandler = ({ log, ...deps }: DecideMatchDependencies & { readonly log: Log }) => {
  const decide = decideMatch(deps);

  return endpoint(operation, log, async ({ path, body, caller, requestId }) => {
    const { a, b, decision } = body;
    if (a.connection_id === b.connection_id && a.individual_id === b.individual_id) {
      const message = "must be another individual than body.a";
      return problem("invalid_request", { errors: [{ field: "body.b", message }] });
    }
    const wish = { a, b, same: decision === "same" };
    const decided = await decide(path.customer_id as CustomerId, wish, { caller, requestId });
    if (!decided.ok) return problem(decided.refusal === "customer_deleting" ? "customer_deleting" : "not_found");
    const { same, decidedAt } = decided.value;
    return json(200, { a, b, decision: same ? "same" : "different", decided_at: decidedAt.toISOString() });
  });
};
