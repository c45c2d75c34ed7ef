import { operation } from "#generated/operations/introspect-connection.js";
import { type AuditStore, entryOf } from "#shared/connection/audit.ts";
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

type HandlerDependencies = CheckConnectionDependencies &
  PossibleDuplicatesDependencies & { readonly log: Log; readonly audit: Pick<AuditStore, "record"> };

/** POST /v1/customers/{customer_id}/connections/{connection_id}/introspect */
export const createHandler = ({ log, audit, ...deps }: HandlerDependencies) => {
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

  return endpoint(operation, log, async ({ path, caller, requestId, note }) => {
    const customerId = path.customer_id as CustomerId;
    const connectionId = path.connection_id as ConnectionId;
    const introspected = await introspect(customerId, connectionId);
    if (introspected.ok) {
      const act = { customerId, connectionId, action: "connection_introspected", at: deps.now() } as const;
      const [marked] = await Promise.all([
        tryToMark(introspected.value),
        audit.record(entryOf(deps, { caller, requestId }, act)),
      ]);
      return json(200, connectionBody(marked));
    }
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
