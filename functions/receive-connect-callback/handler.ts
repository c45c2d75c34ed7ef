import { operation } from "#generated/operations/receive-connect-callback.js";
import { parseCapability } from "#shared/connection/capability.ts";
import { endOpening, type OpenConnectSessionDependencies } from "#shared/connection/open-connect-session.ts";
import type { InvokeExchange } from "#shared/connection/session-ending.ts";
import {
  goToPending,
  replyToEnding,
  replyToNoCode,
  replyToNotRun,
  replyToRefusal,
} from "#shared/http/connect-replies.ts";
import { readBrowserCookie } from "#shared/http/cookie.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import type { Log } from "#shared/log.ts";
import { secret } from "#shared/secret.ts";

export interface ReceiveCallbackDependencies extends OpenConnectSessionDependencies {
  readonly log: Log;
  /** Has the code exchanged by the function that is made for it. */
  readonly exchange: InvokeExchange;
}

/** GET /connect/callback: Finch sends the browser here (RFC 6749 §4.1.2). */
export const createHandler = ({ log, exchange, ...deps }: ReceiveCallbackDependencies) => {
  const end = endOpening(deps);

  return endpoint(operation, log, async ({ query, cookies, note }) => {
    const cookie = readBrowserCookie(cookies);
    const { state = "", code, error } = query;
    const sessionId = parseCapability(state)?.sessionId;
    note({ session_id: sessionId });
    if (code === undefined) {
      const session = await end(state, cookie);
      if (session === undefined) return replyToRefusal({ status: "refused", reason: "unknown" });
      return replyToNoCode(session, error === undefined || error === "access_denied" ? "cancelled" : "failed");
    }
    if (sessionId === undefined) return replyToRefusal({ status: "refused", reason: "unknown" });
    const reply = await exchange({ state, code: secret(code), holder: cookie === undefined ? undefined : { cookie } });
    note({ reason: reply.status });
    switch (reply.status) {
      case "ended":
        return replyToEnding(reply.ending);
      case "in_progress":
        return goToPending(sessionId);
      case "refused":
        return replyToRefusal(reply);
      case "not_run":
        return replyToNotRun();
    }
  });
};
