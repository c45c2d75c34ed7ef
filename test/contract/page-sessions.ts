import { describe, expect, it } from "vitest";
import { beginVisit, type PageSession } from "#shared/page/page-session.ts";
import { afterNoon, aPageSession, minute, newPageSessionId } from "../support/builders.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of sessions of the connections page promises. */
export const describePageSessions = (stores: () => OpenedStores): void => {
  const now = afterNoon(minute);
  const visit = beginVisit("hash-of-cookie", now);
  const created = async (changes: Partial<PageSession> = {}) => {
    const session = aPageSession(changes);
    await stores().pages.create(session);
    return session;
  };
  const find = ({ pageSessionId }: PageSession) => stores().pages.find(pageSessionId);
  const open = ({ pageSessionId }: PageSession, linkHash = "hash-of-link", its = visit) =>
    stores().pages.open(pageSessionId, linkHash, its);

  describe("a session of the connections page", () => {
    it("is found as it was created, and once only", async () => {
      const session = await created({ returnUrl: "https://app.example/back", language: "es" });
      expect(await find(session)).toEqual(session);
      await expect(stores().pages.create(session)).rejects.toThrow();
      expect(await stores().pages.find(newPageSessionId())).toBeUndefined();
    });

    it("is opened by its link", async () => {
      const session = await created();
      const opened = { ...session, visit };
      expect(await open(session)).toEqual({ ok: true, value: opened });
      expect(await find(session)).toEqual(opened);
    });

    it("is opened once, however many bring the link at the same moment", async () => {
      const session = await created();
      const visits = Array.from({ length: 10 }, (_, index) => beginVisit(`cookie ${index}`, now));
      const answers = await Promise.all(visits.map((each) => open(session, "hash-of-link", each)));
      const [winner, ...more] = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
      expect(more).toEqual([]);
      expect(answers.filter((answer) => !answer.ok && answer.refusal === "used")).toHaveLength(9);
      expect(await find(session)).toEqual(winner);
    });

    it("is not opened by another link, nor by its own from its end on; and stays as it was", async () => {
      const [session, old] = [await created(), await created({ linkExpiresAt: now })];
      const expired = { ok: false, refusal: "expired" };
      expect(await open(session, "another")).toEqual(expired);
      expect(await open(old)).toEqual(expired);
      expect(await open(aPageSession())).toEqual(expired);
      expect([await find(session), await find(old)]).toEqual([session, old]);
    });

    it("tells nobody else that its link is used", async () => {
      const session = await created({ visit });
      expect(await open(session, "another")).toEqual({ ok: false, refusal: "expired" });
      expect(await open(session)).toEqual({ ok: false, refusal: "used" });
      expect(await find(session)).toEqual(session);
    });

    it("remembers when it was seen, of its own visit only, and not after its end", async () => {
      const session = { ...(await created({ visit })), visit };
      const later = afterNoon(5 * minute);
      expect(await stores().pages.touch(session, later)).toBe(true);
      expect(await find(session)).toEqual({ ...session, visit: { ...visit, seenAt: later } });
      const another = { ...session, visit: { ...visit, cookieHash: "another" } };
      expect(await stores().pages.touch(another, afterNoon(9 * minute))).toBe(false);
      expect((await find(session))?.visit?.seenAt).toEqual(later);
      await stores().pages.remove(session.pageSessionId);
      expect(await stores().pages.touch(session, afterNoon(9 * minute))).toBe(false);
      expect(await find(session)).toBeUndefined();
      await stores().pages.remove(session.pageSessionId);
    });
  });
};
