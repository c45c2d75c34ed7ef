import { operation } from "#generated/operations/introspect-connection.js";
import { type CheckConnectionDependencies, checkConnection } from "#shared/connection/check-connection.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { markPossibleDuplicates, type PossibleDuplicatesDependencies } from "#shared/connection/possible-duplicates.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { finchProblem } from "#shared/http/finch-problem.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import { describeError, type Log } from "#shared/log.ts";

/** POST /v1/customers/{customer_id}/connections/{connection_id}/introspect */
export const createHandler = ({
  log,
  ...deps
}: CheckConnectionDependencies & PossibleDuplicatesDependencies & { readonly log: Log }) => {
  const introspect = checkConnection(deps);
  const mark = markPossibleDuplicates(deps);
  /** What Finch said is stored; what follows from it, the next look does as well. */
  const tryToMark = async (connection: Connection): Promise<Connection> => {
    try {
      return await mark(connection);
    } catch (error) {
      log.warn("duplicates not looked for", { operation: operation.name, ...describeError(error) });
      return connection;
    }
  };

  return endpoint(operation, log, async ({ path, note }) => {
    const introspected = await introspect(path.customer_id as CustomerId, path.connection_id as ConnectionId);
    if (introspected.ok) return json(200, connectionBody(await tryToMark(introspected.value)));
    const { refusal } = introspected;
    switch (refusal.reason) {
      case "connection_unknown":
        return problem("not_found");
      case "finch":
        note({ reason: refusal.answer.reason });
        return finchProblem(refusal.answer);
    }
  });
};
