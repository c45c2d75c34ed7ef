import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../local/stack/places.ts";
import { countFiles, mergeRecords } from "../../local/testing/nightly-record.ts";
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
    expect(deployed("test")).toEqual(["journey"]);
    expect(deployed("nightly")).toEqual(["journey"]);
    const long = (suite: string) => parseTestPlan([suite], () => 1);
    expect(long("test")).toMatchObject({ value: { long: [] } });
    expect(long("nightly")).toMatchObject({ value: { long: ["nightly"] } });
  });

  it("takes filters and a seed, and draws one otherwise", () => {
    expect(parseTestPlan(["test", "journey/connect", "--seed", "7"], () => 1)).toMatchObject({
      ok: true,
      value: { filters: ["journey/connect"], seed: 7, tokenStore: "kms" },
    });
    expect(parseTestPlan(["test", "--token-store", "secrets-manager"], () => 1)).toMatchObject({
      ok: true,
      value: { filters: [], tokenStore: "secrets-manager" },
    });
    expect(parseTestPlan(["nightly"], () => 42)).toMatchObject({ ok: true, value: { seed: 42 } });
  });

  it.each([
    [["unknown"]],
    [["test", "--seed", "x"]],
    [["test", "--bogus"]],
    [["test", "--token-store", "paper"]],
    [[]],
  ])("refuses %j in a sentence", (args) => {
    const plan = parseTestPlan(args, () => 1);
    expect(plan.ok || plan.refusal.split("\n")).toHaveLength(1);
    expect(plan.ok).toBe(false);
  });
});

describe("the record of nightly runs", () => {
  it("says how many tests of each file passed; one that could not be run has failed", () => {
    const tests = (...states: string[]) => states.map((status) => ({ status }));
    const times = { startTime: 1_000, endTime: 8_400 };
    const testResults = [
      { name: join(root, "test/unit/log.test.ts"), assertionResults: tests("passed", "passed", "failed"), ...times },
      { name: join(root, "test/cdk/stages.test.ts"), assertionResults: tests("passed", "skipped"), ...times },
      { name: join(root, "test/cdk/nag.test.ts"), status: "failed", assertionResults: tests("skipped"), ...times },
    ];
    expect(countFiles(JSON.stringify({ testResults }))).toEqual([
      { file: "test/unit/log.test.ts", passed: 2, failed: 1, seconds: 7 },
      { file: "test/cdk/stages.test.ts", passed: 1, failed: 0, seconds: 7 },
      { file: "test/cdk/nag.test.ts", passed: 0, failed: 1, seconds: 7 },
    ]);
  });

  it("keeps what did not run again; what a file counted before it failed is forgotten", () => {
    const machine = { cpu: "Difference Engine", cores: 2, load_average: [1], node: "24.0.0" };
    const ran = (name: string, failed: number) => ({
      ...{ file: `test/nightly/${name}.test.ts`, passed: 1, failed, seconds: 1 },
      ...{ date: "2026-11-20T12:00:00.000Z", commit: null, seed: 1, load: 1 },
    });
    const counted = (name: string) => ({
      ...{ name, claim: "none", value: 1, unit: "x", date: "2026-11-20T12:00:00.000Z", commit: null },
      command: `npm run nightly -- test/nightly/${name}.test.ts`,
    });
    const former = { machine, files: [ran("a", 0), ran("b", 0)], figures: [counted("a"), counted("b")] };
    const later = { machine, files: [ran("a", 1)], figures: [] };
    expect(mergeRecords(former, later)).toEqual({
      machine,
      files: [ran("a", 1), ran("b", 0)],
      figures: [counted("b")],
    });
    expect(mergeRecords(undefined, later)).toEqual(later);
  });
});
