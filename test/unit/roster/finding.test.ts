/** How employees are listed and found. */
import { describe, expect, it } from "vitest";
import { findEmployee, listEmployees } from "#shared/roster/find-employees.ts";
import { newCustomerId } from "../../support/builders.ts";
import { ann } from "./setting.ts";
import { createRosterStage, names } from "./stages.ts";

describe("employees", () => {
  const many = Array.from({ length: 230 }, (_, at) => ({
    ...{ id: `many-${at}`, first: `Number${at}`, last: `Family${String.fromCharCode(97 + (at % 26))}` },
    ...{ dob: `19${60 + (at % 40)}-0${1 + (at % 9)}-1${at % 10}`, email: `p${at}@mail.example` },
  }));

  it("come in pages that follow each other, of one roster, however many newer there are", async () => {
    const { employ, run, list, acme, deps } = await createRosterStage();
    await employ(many);
    const { roster } = await run();
    const seen: string[] = [];
    let from: object | undefined;
    do {
      const page = await list({ limit: 37, from });
      expect(page.roster.rosterId).toBe(roster.rosterId);
      seen.push(...page.items.map(({ employee_id }) => employee_id));
      if (from === undefined) await run();
      from = page.next;
    } while (from !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(roster.outcome?.employees ?? 0);
    for (const id of [seen[0], seen[120], seen.at(-1)]) {
      expect((await findEmployee(deps)(acme, `${id}`))?.employee.employee_id).toBe(id);
    }
    for (const id of ["emp_unknown", "constructor", "__proto__"]) {
      expect(await findEmployee(deps)(acme, id)).toBeUndefined();
    }
  });

  it("are found by the beginning of a name or an address, and by their connection, which looks at a bounded number", async () => {
    const { employ, run, list } = await createRosterStage();
    await employ(many);
    const other = await employ([ann]);
    await run();
    const byName = await list({ name: "FAMILYc" });
    expect(byName.items.every(({ fields }) => fields.last_name === "Familyc")).toBe(true);
    expect(byName.items).toHaveLength(many.filter(({ last }) => last === "Familyc").length);
    expect(byName.next).toBeUndefined();
    expect(names((await list({ name: "okonkwo anna" })).items)).toEqual(["Okonkwo"]);
    expect((await list({ name: "zz" })).items).toEqual([]);
    expect(names((await list({ connectionId: other.connectionId })).items)).toEqual(["Okonkwo"]);
    expect(names((await list({ email: "ANN@" })).items)).toEqual(["Okonkwo"]);
    const first = await list({ email: "ann@", limit: 10 });
    expect([first.items, first.next?.at]).toEqual([[], 40]);
  });

  it("are not shown any more when their roster has expired, and of no other customer", async () => {
    const { employ, run, acme, deps, advance } = await createRosterStage();
    await employ([ann]);
    await run();
    const query = { limit: 10, from: undefined, connectionId: undefined, name: undefined, email: undefined };
    expect(await listEmployees(deps)(newCustomerId(), query)).toBeUndefined();
    advance(31 * 24 * 3_600_000);
    expect(await listEmployees(deps)(acme, query)).toBeUndefined();
  });
});
