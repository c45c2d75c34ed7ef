import type { Log } from "../log.ts";
import type { EnterPage, Visitor } from "../page/enter-page.ts";
import type { PageSession } from "../page/page-session.ts";
import { readPageCookie } from "./cookie.ts";
import { type EndpointHandler, endpoint } from "./endpoint.ts";
import type { Operation, ValidRequest } from "./operation.ts";
import { problem } from "./problem.ts";
import type { Reply } from "./reply.ts";
import { isFromPage } from "./same-origin.ts";

/** What every call of the connections page is answered with. */
export interface PageEndpointDependencies {
  readonly log: Log;
  readonly enter: EnterPage;
  /** Where browsers reach this deployment. */
  readonly publicUrl: string;
}

/** A valid request of somebody who is in. */
export interface PageRequest<Path, Query, Body> extends ValidRequest<Path, Query, Body> {
  readonly visitor: Visitor;
}

/** Who acts, for the audit: the customer's page, not a client of the backend's. */
export const pageCaller = ({ pageSessionId }: PageSession): string => `page:${pageSessionId}`;

/**
 * Puts an operation of the connections page behind the gateway: beside what `endpoint` does, it refuses what does not come
 * from the page, and finds the customer by the cookie. No request names a customer, so that none can name another one.
 *
 * A tab says which session it shows (`x-perch-page`). Should the browser have got another one's cookie since, the tab is over:
 * it would act for another customer than it shows.
 */
export const pageEndpoint = <Path, Query, Body>(
  operation: Operation<Path, Query, Body>,
  { log, enter, publicUrl }: PageEndpointDependencies,
  respond: (request: PageRequest<Path, Query, Body>) => Reply | Promise<Reply>,
): EndpointHandler =>
  endpoint(operation, log, async (request) => {
    const { method, headers, cookies, note } = request;
    const refuse = (code: "not_same_origin" | "page_session_ended"): Reply => {
      note({ reason: code });
      return problem(code);
    };
    if (!isFromPage(request, publicUrl)) return refuse("not_same_origin");
    const visitor = await enter(readPageCookie(cookies));
    if (visitor === undefined) return refuse("page_session_ended");
    const { pageSessionId, customerId } = visitor.session;
    note({ page_session_id: pageSessionId, customer_id: customerId });
    const shown = headers["x-perch-page"];
    const isItsTab = shown === pageSessionId || (shown === undefined && method === "GET");
    return isItsTab ? respond({ ...request, visitor }) : refuse("page_session_ended");
  });
