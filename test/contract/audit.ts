import { describe, expect, it } from "vitest";
import type { AuditEntry, AuditPosition, AuditStore } from "#shared/connection/audit.ts";
import { afterNoon, anAuditEntry, newConnectionId, newCustomerId } from "../support/builders.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of the audit promises. */
export const describeAudit = (stores: () => OpenedStores): void => {
  const record = async (...entries: readonly AuditEntry[]) => {
    for (const entry of entries) await stores().audit.record(entry);
    return entries;
  };
  const readAll = async (
    customerId: AuditEntry["customerId"],
    query: Omit<Parameters<AuditStore["list"]>[1], "from">,
  ) => {
    const pages: (readonly AuditEntry[])[] = [];
    let from: AuditPosition | undefined;
    do {
      const page = await stores().audit.list(customerId, { ...query, from });
      expect(page.items.length).toBeLessThanOrEqual(query.limit);
      pages.push(page.items);
      from = page.next;
    } while (from !== undefined);
    return pages;
  };

  describe("the audit", () => {
    it("gives an entry back as it was recorded", async () => {
      const customerId = newCustomerId();
      const [handedOut, forwarded] = await record(
        anAuditEntry({ customerId, at: afterNoon(2), entityId: "entity-1" }),
        anAuditEntry({
          customerId,
          at: afterNoon(1),
          action: "request_forwarded",
          reason: null,
          request: { method: "GET", path: "/employer/company" },
        }),
      );
      const all = await stores().audit.list(customerId, { limit: 10, from: undefined, connectionId: undefined });
      expect(all).toEqual({ items: [handedOut, forwarded], next: undefined });
    });

    it("has nothing of another customer, and of one without uses nothing", async () => {
      const [entry] = await record(anAuditEntry());
      const other = newCustomerId();
      await record(anAuditEntry({ customerId: other }));
      const listed = await readAll(other, { limit: 10, connectionId: undefined });
      expect(listed.flat().map(({ auditId }) => auditId)).not.toContain(entry?.auditId);
      expect(await readAll(newCustomerId(), { limit: 10, connectionId: undefined })).toEqual([[]]);
    });

    it("comes newest first, page by page, each entry once, those of one moment among them", async () => {
      const customerId = newCustomerId();
      const entries = await record(
        ...Array.from({ length: 7 }, (_, index) => anAuditEntry({ customerId, at: afterNoon(Math.floor(index / 2)) })),
      );
      const pages = await readAll(customerId, { limit: 3, connectionId: undefined });
      expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
      const times = pages.flat().map(({ at }) => at.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(new Set(pages.flat().map(({ auditId }) => auditId))).toEqual(
        new Set(entries.map(({ auditId }) => auditId)),
      );
    });

    it("has no next page when the last is full, and gives one after one that is fuller", async () => {
      const customerId = newCustomerId();
      await record(...[1, 2, 3].map((at) => anAuditEntry({ customerId, at: afterNoon(at) })));
      const list = (limit: number) =>
        stores().audit.list(customerId, { limit, from: undefined, connectionId: undefined });
      const before = stores().itemsRead();
      const [full, cut] = [await list(3), await list(2)];
      expect([full.items.length, full.next, cut.items.length]).toEqual([3, undefined, 2]);
      expect(cut.next).toEqual({ at: cut.items[1]?.at.toISOString(), auditId: cut.items[1]?.auditId });
      expect(stores().itemsRead() - before).toBeLessThanOrEqual(6);
    });

    it("finds a connection's, and reads four times as many as a page has at most", async () => {
      const customerId = newCustomerId();
      const connectionId = newConnectionId();
      const mine = await record(
        anAuditEntry({ customerId, connectionId, at: afterNoon(0) }),
        anAuditEntry({ customerId, connectionId, at: afterNoon(9) }),
      );
      await record(
        ...Array.from({ length: 9 }, (_, index) => anAuditEntry({ customerId, at: afterNoon(index + 0.5) })),
      );
      const before = stores().itemsRead();
      const first = await stores().audit.list(customerId, { limit: 1, from: undefined, connectionId });
      expect(first.items.map(({ auditId }) => auditId)).toEqual([mine[1]?.auditId]);
      expect(stores().itemsRead() - before).toBe(4);
      const pages = await readAll(customerId, { limit: 1, connectionId });
      expect(pages.flat().map(({ auditId }) => auditId)).toEqual([mine[1]?.auditId, mine[0]?.auditId]);
    });
  });
};
