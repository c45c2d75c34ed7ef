import { sameHash } from "#shared/connection/capability.ts";
import type { OpenPageSession } from "#shared/page/page-session.ts";
import type { PageSessionStore } from "#shared/page/ports.ts";
import { ok, refuse } from "#shared/result.ts";
import { copy, type MemoryState } from "./state.ts";

/** Sessions of the connections page, in memory. */
export const createMemoryPageSessionStore = ({ pages }: MemoryState): PageSessionStore => ({
  async create(session) {
    if (pages.has(session.pageSessionId)) throw new Error("there is a page session of this id");
    pages.set(session.pageSessionId, copy(session));
  },

  async find(pageSessionId) {
    return copy(pages.get(pageSessionId));
  },

  async open(pageSessionId, linkHash, visit) {
    const session = pages.get(pageSessionId);
    if (session === undefined || !sameHash(session.linkHash, linkHash)) return refuse("expired");
    if (session.visit !== null) return refuse("used");
    if (session.linkExpiresAt <= visit.openedAt) return refuse("expired");
    const opened: OpenPageSession = { ...session, visit };
    pages.set(pageSessionId, copy(opened));
    return ok(copy(opened));
  },

  async touch({ pageSessionId, visit }, seenAt) {
    const session = pages.get(pageSessionId);
    if (session?.visit?.cookieHash !== visit.cookieHash) return false;
    pages.set(pageSessionId, copy({ ...session, visit: { ...visit, seenAt } }));
    return true;
  },

  async remove(pageSessionId) {
    pages.delete(pageSessionId);
  },
});
