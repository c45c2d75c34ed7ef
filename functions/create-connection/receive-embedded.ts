import { type Actor, type AuditStore, entryOf } from "#shared/connection/audit.ts";
import { parseCapability } from "#shared/connection/capability.ts";
import type { AuthorizationResponse } from "#shared/connection/exchange-authorization-code.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { Surroundings } from "#shared/connection/ports.ts";
import type { InvokeExchange } from "#shared/connection/session-ending.ts";
import type { ConnectionStore, CustomerStore } from "#shared/connection/store-ports.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import type { ValidRequest } from "#shared/http/operation.ts";
import { problem } from "#shared/http/problem.ts";
import { json, type Reply } from "#shared/http/reply.ts";
import { sessionFailureProblem } from "#shared/http/session-problem.ts";

export interface ReceiveEmbeddedDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly exchange: InvokeExchange;
  readonly connections: Pick<ConnectionStore, "find">;
  readonly customers: Pick<CustomerStore, "find">;
  readonly audit: Pick<AuditStore, "record">;
}

const secondsBeforeAnotherTry = 5;

/** Has the code of an embedded session exchanged, for the customer in whose name the backend speaks. */
export const receiveEmbedded =
  ({ exchange, connections, customers, audit, ...deps }: ReceiveEmbeddedDependencies) =>
  async (
    customerId: CustomerId,
    brought: Pick<AuthorizationResponse, "state" | "code">,
    by: Actor,
    note: ValidRequest<unknown, unknown, unknown>["note"],
  ): Promise<Reply> => {
    const sessionId = parseCapability(brought.state)?.sessionId;
    if (sessionId === undefined) return refuseState();
    const sessionPath = `/v1/customers/${encodeURIComponent(customerId)}/connect-sessions/${sessionId}`;
    const reply = await exchange({ ...brought, holder: { embeddedFor: customerId } });
    note({ session_id: sessionId, reason: reply.status });
    if (reply.status === "in_progress" || reply.status === "ended") {
      // Of this customer's session: another's `state` is refused.
      const connectionId = reply.status === "ended" ? reply.ending.connectionId : null;
      const act = {
        customerId,
        sessionId,
        connectionId,
        action: "authorization_code_received",
        at: deps.now(),
      } as const;
      await audit.record(entryOf(deps, by, act));
    }
    switch (reply.status) {
      case "in_progress":
        return json(202, { session_id: sessionId }, { location: sessionPath });
      case "refused":
        note({ reason: reply.reason });
        // Its session may be erased already. Nothing was changed either way: this is for the answer alone.
        return (await customers.find(customerId))?.deletion ? problem("customer_deleting") : refuseState();
      case "not_run":
        return problem("exchange_unavailable", { retryAfter: secondsBeforeAnotherTry });
      case "ended":
    }
    const { outcome, failureReason, connectionId } = reply.ending;
    if (failureReason !== null) {
      note({ reason: failureReason });
      return sessionFailureProblem(failureReason, { instance: sessionPath });
    }
    const connection = connectionId === null ? undefined : await connections.find(customerId, connectionId);
    // Ended or discarded since it was connected.
    if (connection === undefined) return problem("not_found", { instance: sessionPath });
    note({ connection_id: connection.connectionId });
    return json(outcome === "connected" ? 201 : 200, connectionBody(connection));
  };

/** One answer for all reasons: whose a `state` is, and what became of it, is told to nobody else. */
const refuseState = (): Reply =>
  problem("invalid_state", {
    errors: [{ field: "body.state", message: "must be of an open embedded session of this customer" }],
  });
