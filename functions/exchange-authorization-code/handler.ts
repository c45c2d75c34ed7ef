import type { LeaveAhead } from "#shared/budget/leave-ahead.ts";
import {
  type ExchangeDependencies,
  exchangeAuthorizationCode,
} from "#shared/connection/exchange-authorization-code.ts";
import { type ExchangeReply, toExchangeReply } from "#shared/connection/session-ending.ts";
import { readExchangeEvent } from "#shared/lambda/exchange-request.ts";
import { describeError, type Log } from "#shared/log.ts";

/** What Lambda tells a running function of itself, as far as it is used here. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

export interface ExchangeHandlerDependencies extends ExchangeDependencies {
  readonly log: Log;
  readonly leave: Pick<LeaveAhead, "begin" | "end">;
}

/**
 * Invoked by the callback. Runs to its own end, whether anybody waits for it or not; its time limit is the lease under
 * which the session keeps others from sending the same code.
 */
export const createHandler = ({ log, leave, ...deps }: ExchangeHandlerDependencies) => {
  const exchange = exchangeAuthorizationCode(deps);

  return async (event: unknown, context: LambdaContext): Promise<ExchangeReply> => {
    const about = { operation: "exchange-authorization-code", request_id: context.awsRequestId };
    // Beside the session's beginning, which mostly comes to a request: so it takes no time of its own.
    leave.begin("/auth/token");
    try {
      const deadline = new Date(deps.now().getTime() + context.getRemainingTimeInMillis());
      const result = await exchange(readExchangeEvent(event), deadline);
      const session = result.status === "refused" ? undefined : result.session;
      log.info(`exchange ${result.status}`, {
        ...about,
        session_id: session?.sessionId,
        customer_id: session?.customerId,
        reason: result.status === "refused" ? result.reason : (session?.failureReason ?? session?.outcome ?? undefined),
      });
      return toExchangeReply(result);
    } catch (error) {
      log.error("exchange failed", { ...about, ...describeError(error) });
      // The runtime would log what is thrown with its message.
      throw new Error("exchange failed");
    } finally {
      await leave.end();
    }
  };
};
