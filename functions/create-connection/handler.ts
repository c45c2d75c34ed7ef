import { operation } from "#generated/operations/create-connection.js";
import type { AuditStore } from "#shared/connection/audit.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { type ImportConnectionDependencies, importConnection } from "#shared/connection/import-connection.ts";
import type { InvokeExchange } from "#shared/connection/session-ending.ts";
import type { ConnectionStore } from "#shared/connection/store-ports.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import { describeError, type Log } from "#shared/log.ts";
import { secret } from "#shared/secret.ts";
import { importProblem } from "./import-problem.ts";
import { receiveEmbedded } from "./receive-embedded.ts";

export interface CreateConnectionDependencies extends ImportConnectionDependencies {
  readonly log: Log;
  readonly connections: Pick<ConnectionStore, "claim" | "find">;
  readonly audit: Pick<AuditStore, "record">;
  /** Has the code exchanged by the function that is made for it. */
  readonly exchange: InvokeExchange;
}

/** POST /v1/customers/{customer_id}/connections: an embedded session's code, or a token that the platform has. */
export const createHandler = ({ log, exchange, ...deps }: CreateConnectionDependencies) => {
  const receive = receiveEmbedded({ ...deps, exchange });
  const importToken = importConnection(deps);

  return endpoint(operation, log, async ({ path, body, caller, requestId, note }) => {
    const by = { caller, requestId };
    const customerId = path.customer_id as CustomerId;
    // The document lets exactly one of the two through.
    const { access_token: accessToken, authorization_code: code = "", state = "" } = body;
    if (accessToken === undefined) return receive(customerId, { state, code: secret(code) }, by, note);
    const imported = await importToken(customerId, secret(accessToken), by).catch((error: unknown) => {
      note(describeError(error));
      return undefined;
    });
    // Nothing is lost and nothing is doubled: whoever brings the token still has it, and may bring it again.
    if (imported === undefined) return problem("exchange_unavailable", { retryAfter: 5 });
    if (!imported.ok) {
      note({ reason: imported.refusal.reason });
      return importProblem(imported.refusal);
    }
    const { connection, created } = imported.value;
    note({ connection_id: connection.connectionId });
    return json(created ? 201 : 200, connectionBody(connection));
  });
};
