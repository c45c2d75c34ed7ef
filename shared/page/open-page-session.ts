import { createCapability, parseCapability } from "../connection/capability.ts";
import type { Customer } from "../connection/customer.ts";
import type { PageSessionId } from "../connection/identifiers.ts";
import type { Surroundings } from "../connection/ports.ts";
import type { CustomerStore } from "../connection/store-ports.ts";
import { ok, type Result, refuse } from "../result.ts";
import { beginVisit, type OpenPageSession, type PageSession } from "./page-session.ts";
import type { PageSessionStore } from "./ports.ts";

export interface OpenPageSessionDependencies extends Pick<Surroundings, "now" | "randomBytes"> {
  readonly customers: Pick<CustomerStore, "find">;
  readonly pages: Pick<PageSessionStore, "open" | "remove">;
}

/** Creates the use case: uses a link up, for the browser that brings its secret and gets a cookie for it. */
export const openPageSession =
  ({ customers, pages, now, randomBytes }: OpenPageSessionDependencies) =>
  async (
    linkSecret: string,
  ): Promise<Result<{ readonly session: OpenPageSession; readonly cookie: string }, "used" | "expired">> => {
    const link = parseCapability<PageSessionId>(linkSecret);
    if (link === undefined) return refuse("expired");
    const cookie = createCapability(link.sessionId, randomBytes(32));
    const opened = await pages.open(link.sessionId, link.hash, beginVisit(cookie.hash, now()));
    if (!opened.ok) return opened;
    const session = opened.value;
    if (isOf(session, await customers.find(session.customerId))) return ok({ session, cookie: cookie.text });
    await pages.remove(session.pageSessionId);
    return refuse("expired");
  };

/** Whether a session is this customer's: not of a former life under the same id, nor of one that is on its way out. */
export const isOf = ({ incarnation }: PageSession, customer: Customer | undefined): customer is Customer =>
  customer !== undefined && customer.incarnation === incarnation && customer.deletion === null;
