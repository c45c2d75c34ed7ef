import { operation } from "#generated/operations/preview-disconnect.js";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { previewDisconnect } from "#shared/connection/preview-disconnect.ts";
import type { SiblingsDependencies } from "#shared/connection/siblings.ts";
import { previewBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

/** GET /v1/customers/{customer_id}/connections/{connection_id}/disconnect-preview */
export const createHandler = ({ log, ...deps }: SiblingsDependencies & { readonly log: Log }) => {
  const preview = previewDisconnect(deps);

  return endpoint(operation, log, async ({ path }) => {
    const previewed = await preview(path.customer_id as CustomerId, path.connection_id as ConnectionId);
    return previewed.ok ? json(200, previewBody(previewed.value)) : problem("not_found");
  });
};
