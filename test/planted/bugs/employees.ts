/** Who is taken for whom. */
import { type PlantedBug, unit } from "../planted-bug.ts";

export const employeeBugs: readonly PlantedBug[] = [
  {
    name: "employees: veto left out",
    sentence: "Junior and senior are one employee.",
    breaks: 16,
    file: "shared/employee/decide/decide.ts",
    before: `if (e.suffix === "conflict") return unlike.suffix;`,
    after: "",
    test: unit("employee/families", "junior and senior"),
  },
  {
    name: "employees: rival not seen",
    sentence: "Records of two namesakes are joined by a third that may be either's.",
    breaks: 16,
    file: "shared/employee/engine.ts",
    before: "return isRival(a, b) || isRival(b, a);",
    after: "return isRival(a, b) && isRival(b, a) && a < 0;",
    test: unit("employee/accuracy", "two who may each be the third are left to the platform"),
  },
  {
    name: "employees: decision ignored",
    sentence: "What the platform has split is merged again.",
    breaks: 16,
    file: "shared/employee/engine.ts",
    before:
      "if (this.decisions.areDifferent(this.person(one).identity, this.person(other).identity)) return false;\n        const",
    after: "const",
    test: unit("employee/reconcile", "not the same: holds against all evidence, and is explained"),
  },
  {
    name: "employees: id unstable",
    sentence: "An employee has another id as soon as a record comes that is before all others.",
    breaks: 16,
    file: "shared/employee/cluster/ids.ts",
    before: "const id = before(identity);",
    after: "const id = before(`${identity} `);",
    test: unit("employee/reconcile", "keeps an employee's id when a record comes that is before all others"),
  },
  {
    name: "employees: placeholder not seen",
    sentence: "An address that everybody has joins whoever has it.",
    breaks: 16,
    file: "shared/employee/compare/frequency.ts",
    before: "const toSpread = (count: number): Spread => (count >= 3 ? 3 : count === 2 ? 2 : 1);",
    after: "const toSpread = (count: number): Spread => (count >= 3_000 ? 3 : 1);",
    test: unit("employee/families", "learns a placeholder from how many people have it"),
  },
  {
    name: "employees: order of input decides",
    sentence: "The same records in another order are other employees.",
    breaks: 16,
    file: "shared/employee/engine.ts",
    before: "compareText(this.person(one).identity, this.person(other).identity);",
    after: "one - other || compareText(this.person(one).identity, this.person(other).identity);",
    test: unit("employee/reconcile", "says the same whatever the order of its input"),
  },
  {
    name: "employees: SSN shown",
    sentence: "An explanation shows what was compared of two SSNs.",
    breaks: 12,
    file: "shared/employee/explain/evidence-lines.ts",
    before: `  if (field === "residence")`,
    after: `  if (field === "ssn") return [a.ssnMark, b.ssnMark];\n  if (field === "residence")`,
    test: unit("employee/reconcile", "tells no SSN, not even in part"),
  },
];
