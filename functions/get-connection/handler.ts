import { operation } from "#generated/operations/get-connection.js";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import type { ConnectionStore } from "#shared/connection/store-ports.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface GetConnectionDependencies {
  readonly log: Log;
  readonly connections: Pick<ConnectionStore, "find">;
}

/** GET /v1/customers/{customer_id}/connections/{connection_id} */
export const createHandler = ({ log, connections }: GetConnectionDependencies) =>
  endpoint(operation, log, async ({ path }) => {
    const connection = await connections.find(path.customer_id as CustomerId, path.connection_id as ConnectionId);
    return connection === undefined ? problem("not_found") : json(200, connectionBody(connection));
  });
