import { parseCapability, sameHash } from "../connection/capability.ts";
import type { Customer } from "../connection/customer.ts";
import type { PageSessionId } from "../connection/identifiers.ts";
import type { Surroundings } from "../connection/ports.ts";
import type { CustomerStore } from "../connection/store-ports.ts";
import { isOf } from "./open-page-session.ts";
import { idleEnd, type OpenPageSession } from "./page-session.ts";
import type { PageSessionStore } from "./ports.ts";

export interface EnterPageDependencies extends Pick<Surroundings, "now"> {
  readonly customers: Pick<CustomerStore, "find">;
  readonly pages: Pick<PageSessionStore, "find" | "touch">;
}

/** Who calls from the page: a session, and the customer that it is of. Nothing else says which customer that is. */
export interface Visitor {
  readonly session: OpenPageSession;
  readonly customer: Customer;
}

/** Finds out who calls, by the cookie's value; undefined if its session is over, or it never was one. */
export type EnterPage = (cookie: string | undefined) => Promise<Visitor | undefined>;

/** So often at most the use of a page is written down: its end for want of use may be that much early. */
const touchEveryMs = 60_000;

/** Creates the use case. Whoever gets in puts the session's end for want of use off. */
export const enterPage =
  ({ customers, pages, now }: EnterPageDependencies): EnterPage =>
  async (cookieText) => {
    const cookie = parseCapability<PageSessionId>(cookieText ?? "");
    if (cookie === undefined) return undefined;
    const found = await pages.find(cookie.sessionId);
    if (found === undefined || found.visit === null) return undefined;
    const session: OpenPageSession = { ...found, visit: found.visit };
    const { visit } = session;
    const at = now();
    if (!sameHash(visit.cookieHash, cookie.hash) || idleEnd(visit) <= at) return undefined;
    const isFresh = at.getTime() - visit.seenAt.getTime() < touchEveryMs;
    const [customer, isOpen] = await Promise.all([
      customers.find(session.customerId),
      isFresh ? true : pages.touch(session, at),
    ]);
    if (!isOpen || !isOf(session, customer)) return undefined;
    return { session: isFresh ? session : { ...session, visit: { ...visit, seenAt: at } }, customer };
  };
