import { operation } from "#generated/operations/keep-duplicate.js";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { type KeepDuplicateDependencies, keepDuplicate } from "#shared/connection/keep-duplicate.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

/** POST /v1/customers/{customer_id}/connections/{connection_id}/keep-duplicate */
export const createHandler = ({ log, ...deps }: KeepDuplicateDependencies & { readonly log: Log }) => {
  const keep = keepDuplicate(deps);

  return endpoint(operation, log, async ({ path, caller, requestId }) => {
    const by = { caller, requestId };
    const kept = await keep(path.customer_id as CustomerId, path.connection_id as ConnectionId, by);
    return kept.ok ? json(200, connectionBody(kept.value)) : problem("not_found");
  });
};
