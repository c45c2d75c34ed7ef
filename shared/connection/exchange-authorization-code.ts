/**
 * Turns Finch's single-use authorization code into a stored connection, or into a session that says why not.
 *
 * Order is everything here. The session is taken to `exchanging` before Finch is called, so that a code is sent by one
 * function at a time; the token is sealed and stored by whoever holds it, whatever happened to the session meanwhile.
 */

import type { Secret } from "../secret.ts";
import { hashOf, parseCapability, sameHash } from "./capability.ts";
import type { ConnectSession } from "./connect-session.ts";
import { failSession } from "./fail-session.ts";
import type { ExchangeAnswer, ExchangeRequest, Finch } from "./ports.ts";
import { type StoreGrantDependencies, storeGrant } from "./store-grant.ts";

export interface ExchangeDependencies extends StoreGrantDependencies {
  readonly finch: Pick<Finch, "exchangeCode">;
  /** The redirect address that Connect was opened with; Finch compares it (RFC 6749 §4.1.3). */
  readonly redirectUri: string;
}

/** What the browser brought back from Connect. */
export interface AuthorizationResponse {
  readonly state: string;
  readonly code: Secret;
  /** The value of the browser's cookie; undefined if it brought none. */
  readonly cookie: string | undefined;
}

/** How it went, for the one browser that may know. */
export type ExchangeResult =
  | { readonly status: "ended"; readonly session: ConnectSession }
  /** Finch has not decided yet, or another call with the same code is under way. */
  | { readonly status: "in_progress"; readonly session: ConnectSession }
  /** Nothing was changed: the `state` is not one of ours, is spent, or belongs to another browser. */
  | { readonly status: "refused"; readonly reason: "unknown" | "other_browser" | "expired" | "spent" };

/** Finch gives up on a request of its own after 6 minutes; until then, a request that was sent may still run. */
const finchTimeLimitMs = 360_000;
/** What storing may take after Finch's answer, in the worst case. */
const storingMs = 20_000;
const pauseBeforeSecondSendMs = 500;

/** Creates the use case. `deadline` is when the calling function's life ends: its lease on the code. */
export const exchangeAuthorizationCode =
  (deps: ExchangeDependencies) =>
  async (response: AuthorizationResponse, deadline: Date): Promise<ExchangeResult> => {
    const state = parseCapability(response.state);
    if (state === undefined) return { status: "refused", reason: "unknown" };
    if (response.cookie === undefined) return { status: "refused", reason: "other_browser" };
    const request = {
      sessionId: state.sessionId,
      stateHash: state.hash,
      cookieHash: hashOf(response.cookie),
      codeHash: hashOf(response.code.reveal()),
    };
    const begun = await deps.sessions.beginExchange(request, { now: deps.now(), leaseUntil: deadline });
    if (!begun.ok) {
      return begun.refusal.reason === "unknown"
        ? { status: "refused", reason: "unknown" }
        : explainRefusal(begun.refusal.session, request, deps.now());
    }
    const session = begun.value;
    const answer = await sendCode(deps, session, response.code, deadline);
    switch (answer.kind) {
      case "granted":
        return { status: "ended", session: await storeGrant(deps, session, answer.grant, deadline) };
      case "invalid_grant":
        return { status: "ended", session: await failSession(deps, session, answer.reason, null, deadline) };
      case "platform_trouble":
        return { status: "ended", session: await failSession(deps, session, "finch_refused", null, deadline) };
      case "undecided":
        // The lease ends with this function; the next callback with the same code may send it again until the sweep.
        return { status: "in_progress", session };
    }
  };

const explainRefusal = (session: ConnectSession, request: ExchangeRequest, now: Date): ExchangeResult => {
  const { exchange } = session;
  if (exchange !== null && sameHash(exchange.stateHash, request.stateHash)) {
    if (!sameHash(exchange.cookieHash, request.cookieHash)) return { status: "refused", reason: "other_browser" };
    // The same state with another code: somebody else's code, or a second run through Connect.
    if (!sameHash(exchange.codeHash, request.codeHash)) return { status: "refused", reason: "spent" };
    return session.status === "exchanging" ? { status: "in_progress", session } : { status: "ended", session };
  }
  const opening = session.openings.find((each) => sameHash(each.stateHash, request.stateHash));
  if (opening === undefined) return { status: "refused", reason: exchange === null ? "unknown" : "spent" };
  if (!sameHash(opening.cookieHash, request.cookieHash)) return { status: "refused", reason: "other_browser" };
  return { status: "refused", reason: session.expiresAt <= now ? "expired" : "spent" };
};

type DecidedAnswer =
  | Exclude<ExchangeAnswer, { kind: "invalid_grant" }>
  | { readonly kind: "invalid_grant"; readonly reason: "invalid_grant" | "token_lost" };

/**
 * Sends the code, and once more if the answer decides nothing: never while the first request may still run, and only if
 * there is time. `invalid_grant` after an undecided answer means that Finch had issued a token, which is lost.
 */
const sendCode = async (
  deps: ExchangeDependencies,
  session: ConnectSession,
  code: Secret,
  deadline: Date,
): Promise<DecidedAnswer> => {
  const timeLeft = () => deadline.getTime() - deps.now().getTime() - storingMs;
  const send = () =>
    deps.finch.exchangeCode(code, deps.redirectUri, Math.min(finchTimeLimitMs, Math.max(timeLeft(), 1_000)));
  const sentBefore = (session.exchange?.attempt ?? 1) > 1;
  const first = await send();
  if (first.kind === "invalid_grant") return { ...first, reason: sentBefore ? "token_lost" : "invalid_grant" };
  if (first.kind !== "undecided") return first;
  await deps.sleep(pauseBeforeSecondSendMs);
  if (timeLeft() <= 1_000) return first;
  const second = await send();
  return second.kind === "invalid_grant" ? { ...second, reason: "token_lost" } : second;
};
