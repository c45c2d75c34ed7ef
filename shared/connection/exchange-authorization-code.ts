/**
 * Turns Finch's single-use authorization code into a stored connection, or into a session that says why not.
 *
 * Order is everything here. The session is taken to `exchanging` before Finch is called, so that a code is sent by one
 * function at a time; the token is sealed and stored by whoever holds it, whatever happened to the session meanwhile.
 */

import type { Secret } from "../secret.ts";
import { hashOf, parseCapability, sameHash } from "./capability.ts";
import { type ConnectSession, endSession, type Holder, holderHash, type SessionEnd } from "./connect-session.ts";
import { failSession, sessionFailureEvents } from "./fail-session.ts";
import { type ExchangeAnswer, type Finch, isNotAsked, type TokenGrant } from "./finch-port.ts";
import type { ConnectionId, TokenId } from "./identifiers.ts";
import { type KeepGrantDependencies, keepGrant } from "./keep-grant.ts";
import { keepTrying } from "./keep-trying.ts";
import type { ExchangeRequest, SessionStore } from "./store-ports.ts";

export interface ExchangeDependencies extends KeepGrantDependencies {
  readonly sessions: Pick<SessionStore, "beginExchange" | "end" | "find">;
  readonly finch: Pick<Finch, "exchangeCode">;
  /** The redirect address that Connect was opened with; Finch compares it (RFC 6749 §4.1.3). */
  readonly redirectUri: string;
}

/** What came back from Connect, and who brings it. */
export interface AuthorizationResponse {
  readonly state: string;
  readonly code: Secret;
  /** Undefined for a browser without a cookie of ours. */
  readonly holder: Holder | undefined;
}

/** How it went, for the one browser that may know. */
export type ExchangeResult =
  | { readonly status: "ended"; readonly session: ConnectSession }
  /** Finch has not decided yet, or another call with the same code is under way. */
  | { readonly status: "in_progress"; readonly session: ConnectSession }
  /** Nothing was changed: the `state` is not one of ours, is spent, or belongs to somebody else. */
  | { readonly status: "refused"; readonly reason: RefusedExchange };

/** Why an exchange does not begin. */
export type RefusedExchange = "unknown" | "other_holder" | "expired" | "spent";

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
    if (response.holder === undefined) return { status: "refused", reason: "other_holder" };
    const request = {
      sessionId: state.sessionId,
      stateHash: state.hash,
      holderHash: holderHash(response.holder),
      codeHash: hashOf(response.code.reveal()),
    };
    const begun = await deps.sessions.beginExchange(request, { now: deps.now(), leaseUntil: deadline });
    if (!begun.ok) {
      return begun.refusal.reason === "not_open"
        ? explainRefusal(begun.refusal.session, request, deps.now())
        : { status: "refused", reason: begun.refusal.reason };
    }
    const session = begun.value;
    const answer = await sendCode(deps, session, response.code, deadline);
    switch (answer.kind) {
      case "granted":
        return asItStands(await keepForSession(deps, session, answer.grant, deadline));
      case "invalid_grant":
        return asItStands(await failSession(deps, session, answer.reason, null, deadline));
      case "platform_trouble":
        return asItStands(await failSession(deps, session, "finch_refused", null, deadline));
      case "undecided":
        // The lease ends with this function; the next callback with the same code may send it again until the sweep.
        return { status: "in_progress", session };
    }
  };

/** Mostly ended; but where this call outlived its lease, another one with the same code may have begun. */
const asItStands = (session: ConnectSession): ExchangeResult =>
  session.status === "exchanging" ? { status: "in_progress", session } : { status: "ended", session };

const keepForSession = async (
  deps: ExchangeDependencies,
  session: ConnectSession,
  grant: TokenGrant,
  deadline: Date,
): Promise<ConnectSession> => {
  const kept = await keepGrant(deps, grant, { claimant: session, session, deadline });
  const { connectionId } = grant;
  if (kept.decision.kind === "drop") return failSession(deps, session, kept.decision.reason, connectionId, deadline);
  switch (kept.how) {
    case "stored":
      return endSession(session, kept.decision.end, { connectionId, tokenId: kept.tokenId }, kept.at);
    case "stored_before":
      return endAfterStored(deps, session, kept.decision.end, { connectionId, tokenId: kept.tokenId }, deadline);
    case "stored_beside_session":
    case "not_kept":
      return (await deps.sessions.find(session.sessionId)) ?? session;
  }
};

/**
 * The token is in the table already. Mostly this function put it there itself and lost the answer: then the session has
 * ended with it. Else it came another way (an import), and the session is still to end.
 */
const endAfterStored = (
  deps: ExchangeDependencies,
  session: ConnectSession,
  end: SessionEnd,
  token: { readonly connectionId: ConnectionId; readonly tokenId: TokenId },
  deadline: Date,
): Promise<ConnectSession> =>
  keepTrying(deps, deadline, async () => {
    const now = deps.now();
    const known =
      end.status === "completed" && end.outcome === "connected" ? ({ ...end, outcome: "known" } as const) : end;
    const events =
      known.status === "failed" ? sessionFailureEvents(deps, session, known.reason, token.connectionId, now) : [];
    const ended = await deps.sessions.end(session, { end: known, token, now, events });
    if (ended) return { done: endSession(session, known, token, now) };
    return { done: (await deps.sessions.find(session.sessionId)) ?? session };
  });

const explainRefusal = (session: ConnectSession, request: ExchangeRequest, now: Date): ExchangeResult => {
  const { exchange } = session;
  if (exchange !== null && sameHash(exchange.stateHash, request.stateHash)) {
    if (!sameHash(exchange.holderHash, request.holderHash)) return { status: "refused", reason: "other_holder" };
    // The same state with another code: somebody else's code, or a second run through Connect.
    if (!sameHash(exchange.codeHash, request.codeHash)) return { status: "refused", reason: "spent" };
    return asItStands(session);
  }
  const opening = session.openings.find((each) => sameHash(each.stateHash, request.stateHash));
  if (opening === undefined) return { status: "refused", reason: exchange === null ? "unknown" : "spent" };
  if (!sameHash(opening.holderHash, request.holderHash)) return { status: "refused", reason: "other_holder" };
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
  // Embedded, Connect was opened without a redirect address, and the exchange goes without it (Finch docs).
  const redirectUri = session.mode === "redirect" ? deps.redirectUri : null;
  const send = () =>
    deps.finch.exchangeCode(code, redirectUri, Math.min(finchTimeLimitMs, Math.max(timeLeft(), 1_000)));
  const sentBefore = (session.exchange?.attempt ?? 1) > 1;
  const first = await send();
  if (first.kind === "invalid_grant") return { ...first, reason: sentBefore ? "token_lost" : "invalid_grant" };
  // Not even sent: it has waited for its turn as long as there was time.
  if (first.kind !== "undecided" || isNotAsked(first)) return first;
  await deps.sleep(pauseBeforeSecondSendMs);
  if (timeLeft() <= 1_000) return first;
  const second = await send();
  return second.kind === "invalid_grant" ? { ...second, reason: "token_lost" } : second;
};
