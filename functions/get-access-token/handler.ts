import { operation } from "#generated/operations/get-access-token.js";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { json } from "#shared/http/reply.ts";
import { tokenProblem } from "#shared/http/token-problem.ts";
import { accessTokenBody } from "#shared/http/use-bodies.ts";
import type { Log } from "#shared/log.ts";
import { type OpenTokenDependencies, openToken } from "#shared/use/open-token.ts";

/** POST /v1/customers/{customer_id}/connections/{connection_id}/access-token */
export const createHandler = ({ log, ...deps }: OpenTokenDependencies & { readonly log: Log }) => {
  const open = openToken(deps);

  return endpoint(operation, log, async ({ path, body, caller, requestId, note }) => {
    const opened = await open({
      customerId: path.customer_id as CustomerId,
      connectionId: path.connection_id as ConnectionId,
      action: "token_handed_out",
      ...{ caller, requestId, reason: body.reason, request: null },
      wish: () => ({ products: body.products, entityId: body.entity_id }),
    });
    if (!opened.ok) {
      note({ reason: opened.refusal.reason });
      return tokenProblem(opened.refusal);
    }
    note({ reason: "token_handed_out", token_id: opened.value.record.tokenId });
    return json(200, accessTokenBody(opened.value));
  });
};
