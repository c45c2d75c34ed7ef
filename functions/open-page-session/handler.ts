import { operation as close } from "#generated/operations/close-page-session.js";
import { operation as open } from "#generated/operations/open-page-session.js";
import { operation as renew } from "#generated/operations/renew-page-session.js";
import { type AuditStore, entryOf } from "#shared/connection/audit.ts";
import type { Surroundings } from "#shared/connection/ports.ts";
import { byOperation } from "#shared/http/by-operation.ts";
import { clearPageCookie, setPageCookie } from "#shared/http/cookie.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { pageSessionBody } from "#shared/http/page-bodies.ts";
import { type PageEndpointDependencies, pageCaller, pageEndpoint } from "#shared/http/page-endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json, noContent } from "#shared/http/reply.ts";
import { isFromPage } from "#shared/http/same-origin.ts";
import { type OpenPageSessionDependencies, openPageSession } from "#shared/page/open-page-session.ts";

export interface OpenPageSessionHandlerDependencies
  extends OpenPageSessionDependencies,
    PageEndpointDependencies,
    Pick<Surroundings, "newId"> {
  readonly audit: Pick<AuditStore, "record">;
}

/** A page session from its link to its end: POST and DELETE /page/sessions, POST /page/sessions/renew. */
export const createHandler = ({ log, enter, publicUrl, ...deps }: OpenPageSessionHandlerDependencies) => {
  const use = openPageSession(deps);
  const page = { log, enter, publicUrl };

  return byOperation(
    [
      open,
      // Nobody is in yet: this is how one gets in.
      endpoint(open, log, async ({ body, note, requestId, ...request }) => {
        if (!isFromPage(request, publicUrl)) {
          note({ reason: "not_same_origin" });
          return problem("not_same_origin");
        }
        const used = await use(body.link_secret);
        if (!used.ok) {
          note({ reason: `link_${used.refusal}` });
          return problem(`link_${used.refusal}`);
        }
        const { session, cookie } = used.value;
        note({ page_session_id: session.pageSessionId, customer_id: session.customerId });
        const by = { caller: pageCaller(session), requestId };
        const { customerId, visit } = session;
        // Nobody is in without an entry: the cookie is sent after it.
        await deps.audit.record(entryOf(deps, by, { customerId, action: "page_link_opened", at: visit.openedAt }));
        return { ...json(201, pageSessionBody(session)), cookies: [setPageCookie(cookie)] };
      }),
    ],
    [renew, pageEndpoint(renew, page, ({ visitor }) => json(200, pageSessionBody(visitor.session)))],
    [
      close,
      pageEndpoint(close, page, async ({ visitor: { session, customer }, requestId }) => {
        await deps.pages.remove(session.pageSessionId);
        const act = { customerId: customer.customerId, action: "page_session_closed", at: deps.now() } as const;
        await deps.audit.record(entryOf(deps, { caller: pageCaller(session), requestId }, act));
        return { ...noContent(), cookies: [clearPageCookie] };
      }),
    ],
  );
};
