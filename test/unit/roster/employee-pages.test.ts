/** How employees lie in pages. */
import { describe, expect, it } from "vitest";
import type { PossibleMatch } from "#shared/employee/employee.ts";
import { clustersPage, employeePage, idPage, indexPage, nameKey } from "#shared/roster/employee-pages.ts";
import { anEmployee, createMadeRoster, numbered } from "./made-employees.ts";

describe("the pages of employees", () => {
  it("are of a hundred each, in the order of folded names and then of ids, and lie at names that say what they are", async () => {
    const employees = [
      anEmployee("e1", "Öztürk", { first: "Zoe" }),
      anEmployee("e3", "okonkwo"),
      anEmployee("e2", "Okonkwo"),
      anEmployee("e4", null),
      anEmployee("e5", "Ozturk", { first: "Amy" }),
    ];
    const { objects, pageCount } = await createMadeRoster(employees.toReversed());
    expect(pageCount).toBe(1);
    const places = ["rosters/employees/0", "rosters/index", "rosters/clusters"];
    expect([employeePage(0), indexPage, clustersPage]).toEqual(places);
    expect(objects.get(employeePage(0))).toMatchObject(
      ["e4", "e2", "e3", "e5", "e1"].map((employee_id) => ({ employee_id })),
    );
    expect(objects.get(indexPage)).toEqual({ connections: ["a"], pages: [{ first: "", connections: [0] }] });
    expect(objects.get("rosters/ids/0")).toEqual({ e1: 0, e2: 0, e3: 0, e4: 0, e5: 0 });
    expect([...objects.keys()].toSorted()).toEqual(["rosters/employees/0", "rosters/ids/0", "rosters/index"]);
  });

  it("are as many as it takes, eight written at once, with the name that each begins with and its connections", async () => {
    const { objects, pageCount, writing } = await createMadeRoster(
      numbered(901, (at) => (at < 150 ? "a" : at < 250 ? "b" : "c")),
    );
    expect([pageCount, writing.most]).toEqual([10, 8]);
    const { connections, pages } = objects.get(indexPage) as { connections: string[]; pages: object[] };
    expect(connections).toEqual(["a", "b", "c"]);
    expect(pages.slice(0, 4)).toEqual([
      { first: "n000", connections: [0] },
      { first: "n100", connections: [0, 1] },
      { first: "n200", connections: [1, 2] },
      { first: "n300", connections: [2] },
    ]);
    expect(objects.get(employeePage(9))).toMatchObject([{ employee_id: "e900" }]);
    expect(objects.get(employeePage(8))).toHaveLength(100);
  });

  it("of nobody are an empty index, and the object that ids are looked up in", async () => {
    const { objects, pageCount } = await createMadeRoster([]);
    expect(pageCount).toBe(0);
    expect(objects).toEqual(
      new Map<string, unknown>([
        ["rosters/ids/0", {}],
        [indexPage, { connections: [], pages: [] }],
      ]),
    );
  });

  it("tell of each employee who else it may be, once", async () => {
    const match = (a: string, b: string): PossibleMatch => ({
      a: { connection_id: "a", individual_id: a, employee_id: a },
      b: { connection_id: "a", individual_id: b, employee_id: b },
      ...{ confidence: 0.5, why: "a test", evidence: [] },
    });
    const matches = [match("e000", "e001"), match("e001", "e002"), match("e003", "e003")];
    const { find } = await createMadeRoster(numbered(5), matches);
    const of = async (id: string) => (await find(id))?.employee.possible_matches;
    expect(await of("e000")).toEqual([matches[0]]);
    expect(await of("e001")).toEqual([matches[0], matches[1]]);
    expect(await of("e003")).toEqual([matches[2]]);
    expect(await of("e004")).toEqual([]);
  });

  it("are in the order of family names, then first and middle ones, as far as they are known", () => {
    const key = (fields: object) => nameKey({ fields: { ...anEmployee("e", null).fields, ...fields } });
    const whole = { last_name: "Okonkwo", first_name: "Ann", middle_name: "Bea" };
    expect(key(whole)).toBe("okonkwo ann bea");
    expect(key({ ...whole, last_name: null })).toBe("ann bea");
    expect(key({ ...whole, first_name: null })).toBe("okonkwo bea");
    expect(key({})).toBe("");
  });

  it("have ids in one object for each two thousand employees, each where its hash says, eight written at once", async () => {
    const five = (at: number) => `${at}`.padStart(5, "0");
    const many = (count: number) =>
      createMadeRoster(Array.from({ length: count }, (_, at) => anEmployee(`e${five(at)}`, five(at))));
    const { objects } = await many(2_001);
    const [first = [], second = []] = (["rosters/ids/0", "rosters/ids/1"] as const).map((name) =>
      Object.entries(Object(objects.get(name))),
    );
    expect(first.length + second.length).toBe(2_001);
    // Spread: each has some 1,000, give or take ten standard deviations of a fair coin.
    expect(Math.abs(first.length - 1_000)).toBeLessThan(230);
    for (const [id, page] of first) {
      expect([idPage(id, 2_001), page]).toEqual(["rosters/ids/0", Math.floor(Number(id.slice(1)) / 100)]);
    }
    const few = [0, 1, 2_000].map((count) => idPage("e1", count));
    expect(new Set(few)).toEqual(new Set(["rosters/ids/0"]));
    expect((await many(18_001)).writing.most).toBe(8);
  });
});
