import type { PageSessionId } from "../connection/identifiers.ts";
import type { Result } from "../result.ts";
import type { OpenPageSession, PageSession, Visit } from "./page-session.ts";

export interface PageSessionStore {
  readonly create: (session: PageSession) => Promise<void>;
  readonly find: (pageSessionId: PageSessionId) => Promise<PageSession | undefined>;
  /**
   * Uses the link up, for this visit: in one conditional write, so that of many who bring it at once one gets in. `used`: it
   * is the session's link, and somebody was faster. `expired`: it is too old, or none of the session's.
   */
  readonly open: (
    pageSessionId: PageSessionId,
    linkHash: string,
    visit: Visit,
  ) => Promise<Result<OpenPageSession, "used" | "expired">>;
  /** Notes that the page is used, unless the session is over. */
  readonly touch: (session: OpenPageSession, seenAt: Date) => Promise<boolean>;
  /** Ends a session. */
  readonly remove: (pageSessionId: PageSessionId) => Promise<void>;
}
