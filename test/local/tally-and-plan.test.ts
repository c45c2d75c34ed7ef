import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../local/stack/places.ts";
import { countFiles } from "../../local/testing/nightly-record.ts";
import { parseTestPlan } from "../../local/testing/plan.ts";
import { add, closingLine, exitCodeOf, nothingRun, tallyVitest } from "../../local/testing/tally.ts";

const report = (passed: number, failed: number, files: readonly { status: string; tests: readonly string[] }[] = []) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((state) => ({ status: state })),
    })),
  });

describe("the closing line", () => {
  it("sums over all runs", () => {
    expect(closingLine(add(add(nothingRun, { passed: 12, failed: 0 }), { passed: 3, failed: 2 }))).toBe(
      "15 passed, 2 failed",
    );
  });

  it("goes with an exit code of zero only when something passed and nothing failed", () => {
    expect(exitCodeOf({ passed: 1, failed: 0 })).toBe(0);
    expect(exitCodeOf({ passed: 1, failed: 1 })).toBe(1);
    expect(exitCodeOf(nothingRun)).toBe(1);
  });

  it("counts a file that could not be loaded as one failure", () => {
    const text = report(3, 1, [
      { status: "failed", tests: ["passed", "failed"] },
      { status: "failed", tests: [] },
      { status: "passed", tests: ["passed", "passed"] },
    ]);
    expect(tallyVitest(text, 1)).toEqual({ passed: 3, failed: 2 });
  });

  it("counts a run that ended badly without a failed test as one failure", () => {
    expect(tallyVitest(report(5, 0), 1)).toEqual({ passed: 5, failed: 1 });
    expect(tallyVitest(undefined, 1)).toEqual({ passed: 0, failed: 1 });
    expect(tallyVitest(undefined, 0)).toEqual({ passed: 0, failed: 0 });
  });
});

describe("the plan of a test run", () => {
  it("needs no deployed stack for a check, one for everything, and takes more at night", () => {
    const deployed = (suite: string) => {
      const plan = parseTestPlan([suite], () => 1);
      return plan.ok && plan.value.deployed;
    };
    expect(deployed("check")).toEqual([]);
    expect(deployed("test")).toEqual(["integration", "journey"]);
    expect(deployed("nightly")).toEqual(["integration", "journey", "nightly"]);
  });

  it("takes filters and a seed, and draws one otherwise", () => {
    expect(parseTestPlan(["test", "journey/connect", "--seed", "7"], () => 1)).toMatchObject({
      ok: true,
      value: { filters: ["journey/connect"], seed: 7 },
    });
    expect(parseTestPlan(["nightly"], () => 42)).toMatchObject({ ok: true, value: { seed: 42 } });
  });

  it.each([[["unknown"]], [["test", "--seed", "x"]], [["test", "--bogus"]], [[]]])(
    "refuses %j in a sentence",
    (args) => {
      const plan = parseTestPlan(args, () => 1);
      expect(plan.ok || plan.refusal.split("\n")).toHaveLength(1);
      expect(plan.ok).toBe(false);
    },
  );
});

it("a nightly run's record says how many tests of each file passed", () => {
  const tests = (...states: string[]) => states.map((status) => ({ status }));
  const testResults = [
    { name: join(root, "test/unit/log.test.ts"), assertionResults: tests("passed", "passed", "failed") },
    { name: join(root, "test/cdk/stages.test.ts"), assertionResults: tests("passed", "skipped") },
  ];
  expect(countFiles(JSON.stringify({ testResults }))).toEqual([
    { file: "test/unit/log.test.ts", passed: 2, failed: 1 },
    { file: "test/cdk/stages.test.ts", passed: 1, failed: 0 },
  ]);
});
