import { parseCapability } from "#shared/connection/capability.ts";
import type { AuthorizationResponse } from "#shared/connection/exchange-authorization-code.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { SessionEnding } from "#shared/connection/session-ending.ts";
import type { ConnectionStore } from "#shared/connection/store-ports.ts";
import { connectionBody } from "#shared/http/bodies.ts";
import type { ValidRequest } from "#shared/http/operation.ts";
import { problem } from "#shared/http/problem.ts";
import { json, type Reply } from "#shared/http/reply.ts";
import { sessionFailureProblem } from "#shared/http/session-problem.ts";
import type { InvokeExchange } from "#shared/lambda/invoke-exchange.ts";

export interface ReceiveEmbeddedDependencies {
  readonly exchange: InvokeExchange;
  readonly connections: Pick<ConnectionStore, "find">;
}

const secondsBeforeAnotherTry = 5;

/** Has the code of an embedded session exchanged, for the customer in whose name the backend speaks. */
export const receiveEmbedded =
  ({ exchange, connections }: ReceiveEmbeddedDependencies) =>
  async (
    customerId: CustomerId,
    brought: Pick<AuthorizationResponse, "state" | "code">,
    note: ValidRequest<unknown, unknown, unknown>["note"],
  ): Promise<Reply> => {
    const sessionId = parseCapability(brought.state)?.sessionId;
    if (sessionId === undefined) return refuseState();
    const reply = await exchange({ ...brought, holder: { embeddedFor: customerId } });
    note({ session_id: sessionId, reason: reply.status });
    const location = `/v1/customers/${encodeURIComponent(customerId)}/connect-sessions/${sessionId}`;
    switch (reply.status) {
      case "ended":
        return replyToEnding(reply.ending);
      case "in_progress":
        return json(202, { session_id: sessionId }, { location });
      case "refused":
        note({ session_id: undefined, reason: reply.reason });
        return refuseState();
      case "not_run":
        return problem("exchange_unavailable", { retryAfter: secondsBeforeAnotherTry });
    }

    async function replyToEnding({ outcome, failureReason, connectionId }: SessionEnding): Promise<Reply> {
      if (failureReason !== null) {
        note({ reason: failureReason });
        return sessionFailureProblem(failureReason, { instance: location });
      }
      note({ connection_id: connectionId ?? undefined });
      const connection = connectionId === null ? undefined : await connections.find(customerId, connectionId);
      // Disconnected or discarded since: the session tells of it, and it is gone.
      if (connection === undefined) return problem("not_found");
      return json(outcome === "connected" ? 201 : 200, connectionBody(connection));
    }
  };

/** One answer for all reasons: whose a `state` is, and what became of it, is told to nobody else. */
const refuseState = (): Reply =>
  problem("invalid_state", {
    errors: [{ field: "body.state", message: "must be of an open embedded session of this customer" }],
  });
