/** How few of a roster's objects a list and a look-up read, and where a list goes on. */
import { describe, expect, it } from "vitest";
import { employeePage, indexPage } from "#shared/roster/employee-pages.ts";
import type { RosterId } from "#shared/roster/roster.ts";
import { afterNoon } from "../../support/builders.ts";
import { anEmployee, createMadeRoster, numbered } from "./made-employees.ts";

const idsOf = (found: { readonly items: readonly { readonly employee_id: string }[] } | undefined) =>
  found?.items.map(({ employee_id }) => employee_id);
const idsFrom = (from: number, to: number) =>
  numbered(to)
    .slice(from)
    .map(({ employee_id }) => employee_id);

describe("a list", () => {
  it("reads the one page that has what is wanted, or two where it goes on in the next", async () => {
    const { list, read, rosterId } = await createMadeRoster(numbered(230));
    const first = await list({ limit: 100 });
    expect([idsOf(first), first?.next, read.splice(0)]).toEqual([
      idsFrom(0, 100),
      { rosterId, at: 100 },
      [employeePage(0)],
    ]);
    const second = await list({ limit: 90, from: { rosterId, at: 60 } });
    expect([idsOf(second), second?.next, read.splice(0)]).toEqual([
      idsFrom(60, 150),
      { rosterId, at: 150 },
      [employeePage(0), employeePage(1)],
    ]);
    const last = await list({ limit: 100, from: { rosterId, at: 200 } });
    expect([idsOf(last), last?.next, read.splice(0)]).toEqual([idsFrom(200, 230), undefined, [employeePage(2)]]);
    expect(await list({ limit: 100, from: { rosterId, at: 230 } })).toMatchObject({ items: [], next: undefined });
  });

  it("of a connection reads the pages that have somebody of it", async () => {
    const { list, read } = await createMadeRoster(numbered(430, (at) => (at === 7 || at === 315 ? "b" : "a")));
    const found = await list({ connectionId: "b" });
    expect([idsOf(found), found?.next]).toEqual([["e007", "e315"], undefined]);
    expect(read).toEqual([indexPage, employeePage(0), employeePage(3)]);
    expect(await list({ connectionId: "c" })).toMatchObject({ items: [], next: undefined });
    expect(read.slice(3)).toEqual([indexPage]);
  });

  it("of a name begins in the page before the first that begins behind it, and ends behind the last", async () => {
    const { list, read } = await createMadeRoster(numbered(430));
    expect(idsOf(await list({ name: "N21" }))).toEqual(idsFrom(210, 220));
    expect(read.splice(0)).toEqual([indexPage, employeePage(2)]);
    expect(idsOf(await list({ name: "n200" }))).toEqual(["e200"]);
    expect(read.splice(0)).toEqual([indexPage, employeePage(1), employeePage(2)]);
    expect(idsOf(await list({ name: "n" }))).toEqual(idsFrom(0, 100));
    expect(read.splice(0)).toEqual([indexPage, employeePage(0)]);
    expect(await list({ name: "m" })).toMatchObject({ items: [], next: undefined });
    expect(read.splice(0)).toEqual([indexPage, employeePage(0)]);
    expect(await list({ name: "z" })).toMatchObject({ items: [], next: undefined });
    expect(read.splice(0)).toEqual([indexPage, employeePage(4)]);
  });

  it("that is filtered looks at four times its limit, and goes on behind them", async () => {
    const { list, rosterId } = await createMadeRoster(numbered(230));
    const none = await list({ email: "p1", limit: 10 });
    expect([idsOf(none), none?.next]).toEqual([[], { rosterId, at: 40 }]);
    const some = await list({ email: "P10", limit: 20, from: { rosterId, at: 40 } });
    expect([idsOf(some), some?.next]).toEqual([idsFrom(100, 110), { rosterId, at: 120 }]);
    const byBoth = await list({ name: "n2", email: "p205", limit: 2, from: { rosterId, at: 200 } });
    expect([idsOf(byBoth), byBoth?.next]).toEqual([["e205"], { rosterId, at: 208 }]);
    const byConnection = await list({ connectionId: "a", email: "p2", limit: 10 });
    expect([idsOf(byConnection), byConnection?.next]).toEqual([[], { rosterId, at: 40 }]);
    const fullEarly = await list({ email: "p", limit: 10 });
    expect([idsOf(fullEarly), fullEarly?.next]).toEqual([idsFrom(0, 10), { rosterId, at: 10 }]);
  });

  it("of a connection has who is of another one as well", async () => {
    const both = ["a", "b"].map((connection_id) => ({ connection_id, individual_id: "e1" }));
    const { list } = await createMadeRoster([{ ...anEmployee("e1", "n"), sources: both }, anEmployee("e2", "n")]);
    expect(idsOf(await list({ connectionId: "b" }))).toEqual(["e1"]);
    expect(idsOf(await list({ connectionId: "a" }))).toEqual(["e1", "e2"]);
  });

  it("reads all pages where the index is gone, and passes by who is not in a page", async () => {
    const { list, objects } = await createMadeRoster(numbered(230, (at) => (at === 215 ? "b" : "a")));
    objects.delete(indexPage);
    expect(idsOf(await list({ connectionId: "b" }))).toEqual(["e215"]);
    expect(idsOf(await list({ name: "n21", limit: 60 }))).toEqual(idsFrom(210, 220));
    objects.set(employeePage(2), numbered(203).slice(201));
    expect(idsOf(await list({ limit: 100, from: { rosterId: "the-roster" as RosterId, at: 200 } }))).toEqual(
      idsFrom(201, 203),
    );
  });

  it("takes who has no address for nobody's address", async () => {
    const { list } = await createMadeRoster([anEmployee("e1", "n"), anEmployee("e2", "n", { email: "" })]);
    expect(idsOf(await list({ email: "a" }))).toEqual([]);
    expect(idsOf(await list())).toEqual(["e1", "e2"]);
  });

  it("is of the newest roster, or of the one that it began with", async () => {
    const { current, list, roster, rosters, rosterId } = await createMadeRoster(numbered(3));
    const newer = "a-newer-one" as RosterId;
    rosters.set(newer, { ...roster, rosterId: newer });
    current.newest = newer;
    expect((await list())?.roster.rosterId).toBe(newer);
    expect((await list({ from: { rosterId, at: 0 } }))?.roster.rosterId).toBe(rosterId);
    current.newest = null;
    expect(await list()).toBeUndefined();
    current.newest = rosterId;
    rosters.set(rosterId, { ...roster, outcome: null });
    expect(await list()).toBeUndefined();
    rosters.delete(rosterId);
    expect(await list()).toBeUndefined();
  });

  it("is there until its roster expires", async () => {
    const { at, find, list, roster } = await createMadeRoster(numbered(1));
    at(afterNoon(999));
    expect([idsOf(await list()), (await find("e000"))?.employee.employee_id]).toEqual([["e000"], "e000"]);
    at(roster.expiresAt);
    expect([await list(), await find("e000")]).toEqual([undefined, undefined]);
  });

  it("fails where a page is gone that must be there", async () => {
    const { find, list, objects } = await createMadeRoster(numbered(101));
    objects.delete(employeePage(1));
    expect(idsOf(await list({ limit: 100 }))).toHaveLength(100);
    await expect(list({ limit: 101 })).rejects.toThrow("a page of a roster is gone");
    await expect(find("e100")).rejects.toThrow("a page of a roster is gone");
  });
});

describe("one employee", () => {
  it("is found by two objects", async () => {
    const { find, read, roster } = await createMadeRoster(numbered(230));
    expect(await find("e170")).toMatchObject({ employee: { employee_id: "e170", possible_matches: [] }, roster });
    expect(read).toEqual(["rosters/ids/0", employeePage(1)]);
  });

  it.each(["e999", "constructor", "__proto__", ""])("is nobody by the id %j", async (id) => {
    const { find, read } = await createMadeRoster(numbered(3));
    expect(await find(id)).toBeUndefined();
    expect(read).toEqual(["rosters/ids/0"]);
  });

  it("is nobody where a roster has nobody, for which nothing is read, nor where its object is gone", async () => {
    const empty = await createMadeRoster([]);
    expect([await empty.find("e000"), empty.read]).toEqual([undefined, []]);
    const { find, objects } = await createMadeRoster(numbered(3));
    objects.set(employeePage(0), []);
    expect(await find("e000")).toBeUndefined();
    objects.delete("rosters/ids/0");
    expect(await find("e000")).toBeUndefined();
  });
});
