import type { ConnectSession, SessionFailure, SessionOutcome } from "./connect-session.ts";
import type { AuthorizationResponse, ExchangeResult, RefusedExchange } from "./exchange-authorization-code.ts";
import type { ConnectionId } from "./identifiers.ts";

/** What the exchange function answers to the callback: enough to send the browser on, and nothing else. */
export type ExchangeReply =
  | { readonly status: "ended"; readonly ending: SessionEnding }
  | { readonly status: "in_progress" }
  | { readonly status: "refused"; readonly reason: RefusedExchange };

/** How a session ended, as far as its browser is told. */
export interface SessionEnding {
  readonly sessionId: string;
  readonly returnUrl: string | null;
  readonly outcome: SessionOutcome | null;
  readonly failureReason: SessionFailure | null;
  readonly connectionId: ConnectionId | null;
}

/** What a browser is told of a session that has ended. */
export const endingOf = (session: ConnectSession): SessionEnding => ({
  sessionId: session.sessionId,
  returnUrl: session.returnUrl,
  outcome: session.outcome,
  failureReason: session.failureReason,
  connectionId: session.connectionId,
});

/** The result of an exchange as the function's answer. */
export const toExchangeReply = (result: ExchangeResult): ExchangeReply =>
  result.status === "ended"
    ? { status: "ended", ending: endingOf(result.session) }
    : result.status === "in_progress"
      ? { status: "in_progress" }
      : result;

/**
 * What the exchange function answered, or `not_run`: it was not run (throttled, down, out of reach) or it died on
 * the way. What it had begun stands in the session; the same code and `state` once more begin the exchange, wait for it, or
 * tell how it ended.
 */
export type InvokedExchange = ExchangeReply | { readonly status: "not_run" };

/** Hands a code to the exchange function. */
export type InvokeExchange = (response: AuthorizationResponse) => Promise<InvokedExchange>;
