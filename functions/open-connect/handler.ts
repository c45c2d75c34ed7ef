import { operation } from "#generated/operations/open-connect.js";
import { type OpenConnectSessionDependencies, openConnectSession } from "#shared/connection/open-connect-session.ts";
import { goToPending, replyToEndedLink } from "#shared/http/connect-replies.ts";
import { readBrowserCookie, setBrowserCookie } from "#shared/http/cookie.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { redirect } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

/** GET /connect/{ticket} */
export const createHandler = ({ log, ...deps }: OpenConnectSessionDependencies & { readonly log: Log }) => {
  const open = openConnectSession(deps);

  return endpoint(operation, log, async ({ path, cookies, note }) => {
    const opened = await open(path.ticket, readBrowserCookie(cookies));
    note({ reason: opened.kind });
    switch (opened.kind) {
      case "to_finch":
        return redirect(opened.location, { cookies: opened.isNew ? [setBrowserCookie(opened.cookie)] : [] });
      case "to_pending":
        return goToPending(opened.session.sessionId);
      case "ended":
        return replyToEndedLink();
    }
  });
};
