import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConnectionId, parseCustomerId } from "#shared/connection/identifiers.ts";
import { readCursor, toCursor } from "#shared/http/cursor.ts";
import { problemIn } from "./support.ts";

const pattern = /^[A-Za-z0-9_-]{1,2048}$/;
const times = fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
const ids = fc.stringMatching(/^[A-Za-z0-9_:@|~-]{1,255}$/);

describe("a cursor", () => {
  it("is read back as it was written, and is one that the document allows", () => {
    fc.assert(
      fc.property(times, ids, (time, id) => {
        const position = { at: time.toISOString(), id };
        const cursor = toCursor(position) ?? "";
        expect(cursor).toMatch(pattern);
        expect(readCursor(cursor, parseCustomerId)).toEqual({ ok: true, value: position });
      }),
    );
  });

  it("is null behind the last item, and undefined before the first", () => {
    expect(toCursor(undefined)).toBeNull();
    expect(readCursor(undefined, parseCustomerId)).toEqual({ ok: true, value: undefined });
  });

  it("is refused when no page has given it out", () => {
    fc.assert(
      fc.property(fc.stringMatching(pattern), (cursor) => {
        const read = readCursor(cursor, parseConnectionId);
        const [error] = read.ok ? [] : (problemIn(read.refusal).errors ?? []);
        const message = "must be the next_cursor of an earlier page, unchanged";
        expect(error).toEqual({ field: "query.cursor", message });
      }),
    );
    const swapped = toCursor({ at: "9f1e", id: "2026-03-01T09:30:00.000Z" }) ?? "";
    expect(readCursor(swapped, parseConnectionId).ok).toBe(false);
    const [at, id] = ["2026-03-01T09:30:00.000Z", "9f1e2d3c-4b5a-4697-8877-665544332211"];
    expect(readCursor(Buffer.from(`${at} ${id}`).toString("base64url"), parseConnectionId)).toMatchObject({ ok: true });
    for (const text of [
      `x${at} ${id}`,
      `${at}x ${id}`,
      at,
      `${at} `,
      `yesterday ${id}`,
      `${at} ${id} acme`,
      `${at.slice(0, -1)} ${id}`,
      ` ${id}`,
    ]) {
      expect(readCursor(Buffer.from(text).toString("base64url"), parseConnectionId).ok).toBe(false);
    }
  });
});
