/** The bugs that `npm run planted` plants fit the source as it is; that their tests find them is seen there, and at night. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bugs } from "../planted/bugs.ts";
import { isWritten } from "../planted/named-test.ts";
import { invariants, plant } from "../planted/planted-bug.ts";

const root = join(import.meta.dirname, "../..");

describe("planted bugs", () => {
  it.each(bugs)("$name: is for a text that is in its file once, and has a test", (bug) => {
    const text = readFileSync(join(root, bug.file), "utf8");
    expect(plant(text, bug)).not.toBe(text);
    expect(existsSync(join(root, bug.test.file))).toBe(true);
    expect(isWritten(bug.test)).toBe(true);
  });

  it.each([
    ["of its text", "unit/log", "has the fields that were on the list"],
    ["of what a table puts in", "contract/growth", "leap: the same items"],
    ["behind what a table puts in", "contract/growth", "sweep: the same item is read"],
    ["of another file", "unit/log", "sweep: the same items"],
  ])("have no test by a name that has gone: %s", (_, file, name) => {
    expect(isWritten({ project: "unit", file: `test/${file}.test.ts`, name })).toBe(false);
  });

  it("have names of their own, and break every promise", () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
    expect([...new Set(bugs.map(({ breaks }) => breaks))].toSorted((a, b) => a - b)).toEqual(
      Object.keys(invariants).map(Number),
    );
  });

  it("are refused where the source has moved on", () => {
    const [bug = expect.fail()] = bugs;
    expect(() => plant("elsewhere", bug)).toThrow(/0 times in .*, not once/);
    expect(() => plant(`${bug.before} ${bug.before}`, bug)).toThrow(/2 times in .*, not once/);
    expect(plant("a $& b", { ...bug, before: "$&", after: "$1" })).toBe("a $1 b");
  });
});
