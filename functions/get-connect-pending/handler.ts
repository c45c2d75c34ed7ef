import { operation } from "#generated/operations/get-connect-pending.js";
import type { SessionId } from "#shared/connection/identifiers.ts";
import { isExchangeOf } from "#shared/connection/open-connect-session.ts";
import { endingOf } from "#shared/connection/session-ending.ts";
import type { SessionStore } from "#shared/connection/store-ports.ts";
import { replyToEndedLink, replyToEnding, replyToPending } from "#shared/http/connect-replies.ts";
import { readBrowserCookie } from "#shared/http/cookie.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import type { Log } from "#shared/log.ts";

export interface GetConnectPendingDependencies {
  readonly log: Log;
  readonly sessions: Pick<SessionStore, "find">;
}

/** GET /connect/pending/{session_id}: only for the browser whose exchange it is. */
export const createHandler = ({ log, sessions }: GetConnectPendingDependencies) =>
  endpoint(operation, log, async ({ path, cookies }) => {
    const session = await sessions.find(path.session_id as SessionId);
    if (session === undefined || !isExchangeOf(session, readBrowserCookie(cookies))) return replyToEndedLink();
    return session.status === "exchanging" ? replyToPending() : replyToEnding(endingOf(session));
  });
