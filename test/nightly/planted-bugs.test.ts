/** Mistakes that somebody could make, planted in copies of the real source: the test that is named beforehand finds each. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bugs } from "../planted/bugs.ts";
import { type Hunted, hunt } from "../planted/hunt.ts";
import { contract, type PlantedBug, unit } from "../planted/planted-bug.ts";
import { tableOf } from "../planted/table.ts";
import { recordFigure } from "../support/evidence.ts";

let hunted: readonly Hunted[] = [];
let found = 0;
beforeAll(async () => {
  hunted = await hunt(bugs, () => {});
}, 1_800_000);
afterAll(() => void process.stdout.write(`${tableOf(hunted)}\n`));

describe("a planted bug", () => {
  it.each(bugs)("$name: is found", (bug) => {
    const { problem } = hunted.find((each) => each.bug === bug) ?? { problem: "it was not planted" };
    expect(problem).toBeUndefined();
    found += 1;
    recordFigure("planted bugs", found, "bugs", "Each planted mistake is found by the test that is named for it");
  });
});

it("is not found by a test that passes all the same, cannot be run, or throws before it asserts", async () => {
  const file = "shared/connection/capability.ts";
  const [before, test] = [
    "a.length === b.length",
    unit("connection/capability", "are the same only when they are equal"),
  ];
  const trial: PlantedBug = { name: "trial", sentence: "", breaks: 3, file, before, after: before, test };
  const trials: readonly [Partial<PlantedBug>, RegExp][] = [
    [{ after: "b.length === a.length" }, /passes all the same/],
    [{ after: "a.length ===" }, /could not be run/],
    [{ after: "a.length === nowhere.length" }, /asserts nothing/],
    [{ before: "is not there" }, /0 times/],
    [{ test: { ...test, name: "nothing is called so" } }, /no such test/],
    [{ test: contract("are the same only when they are equal") }, /no such test/],
  ];
  const tried = await hunt(
    trials.map(([changes]) => ({ ...trial, ...changes })),
    () => {},
  );
  expect(tried).toHaveLength(trials.length);
  trials.forEach(([, why], index) => {
    expect(tried[index]?.problem).toMatch(why);
  });
});
