import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { quantile, toFigure, toTimedFinding } from "../../local/bench/figures.ts";
import { baseline, measurements } from "../../local/bench/measurements.ts";
import { notMeasuredOnAws } from "../../local/bench/not-measured.ts";
import { parseBenchOptions } from "../../local/bench/options.ts";
import schema from "../../local/bench/report.schema.json" with { type: "json" };
import { describeReport, type Report } from "../../local/bench/report.ts";
import { runProgram } from "../../local/bench/run-program.ts";
import { createSteps } from "../../local/stack/steps.ts";

const parse = (...args: string[]) => parseBenchOptions(args, measurements, baseline);
const chosenBy = (...args: string[]) => {
  const parsed = parse(...args);
  return parsed.ok ? parsed.value.chosen.map(({ name }) => name) : parsed.refusal;
};

describe("what the samples come to", () => {
  const tenths = [0.7, 0.1, 0.9, 0.3, 0.5, 1, 0.2, 0.8, 0.4, 0.6];

  it("is always a sample that was taken", () => {
    expect([0, 0.5, 0.9, 1].map((share) => quantile(tenths, share))).toEqual([0.1, 0.5, 0.9, 1]);
    expect([0, 0.5, 0.9].map((share) => quantile([3], share))).toEqual([3, 3, 3]);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  it("is compared with the baseline", () => {
    const finding = toTimedFinding({ name: "slow", what: "slow" }, [2.0004], {
      name: "base",
      samples: [0.1, 0.2, 0.3],
    });
    expect(toFigure("slow", finding)).toMatchObject({ min: 2, median: 2, p90: 2, ratio: { to: "base", value: 10 } });
  });

  it.each([
    ["figure", "at most", 2, true],
    ["figure", "at most", 1.9, false],
    ["figure", "at least", 2, true],
    ["figure", "at least", 2.1, false],
    ["figure", "exactly", 2, true],
    ["figure", "exactly", 1, false],
    ["ratio", "at most", 1.3, true],
    ["ratio", "at most", 1.2, false],
  ] as const)("holds or not: the %s %s %d is %s", (of, must_be, than, holds) => {
    const finding = { name: "two", what: "two", unit: "items", samples: [2], ratio: { to: "base", value: 1.3 } };
    expect(toFigure("two", { ...finding, bar: { of, must_be, than } }).bar).toMatchObject({ holds });
  });

  it("does not hold where the ratio was not measured", () => {
    const bar = { of: "ratio", must_be: "at most", than: 2 } as const;
    expect(toFigure("one", { name: "one", what: "one", unit: "s", samples: [1], bar }).bar).toMatchObject({
      holds: false,
    });
  });
});

describe("the report", () => {
  const slow = { name: "slow", what: "a slow thing", unit: "s", samples: [0.7, 0.1, 0.9] };
  const bar = { of: "ratio", must_be: "at most", than: 1.3 } as const;
  const report: Report = {
    date: "2026-11-20T12:00:00.000Z",
    commit: "0123456789ab",
    machine: { cpu: "Difference Engine", cores: 2, load_average: [0.5, 0.4, 0.3], node: "24.0.0" },
    load_average_after: [1, 0.5, 0.3],
    not_measured_on_aws: notMeasuredOnAws,
    figures: [
      toFigure("slow", { ...slow, ratio: { to: "api-call", value: 1.26 }, bar }),
      toFigure("slow", { ...slow, name: "slower", ratio: { to: "api-call", value: 7 }, bar }),
      toFigure("count", { name: "count", what: "a count", unit: "items", samples: [3] }),
    ],
  };

  it("is shown with the machine, the bars and what it is not", () => {
    const shown = describeReport(report);
    expect(shown).toContain(
      "Difference Engine, 2 cores, Node 24.0.0; load average 0.5 0.4 0.3 before, 1 0.5 0.3 after",
    );
    for (const sentence of notMeasuredOnAws) expect(shown).toContain(sentence);
    expect(shown).toMatch(/slow +3 +0\.100 +0\.700 +0\.900 +s +1\.26 x api-call +ratio at most 1\.3: holds/);
    expect(shown).toMatch(/slower .* 7 x api-call +ratio at most 1\.3: DOES NOT HOLD/);
    expect(shown).toMatch(/count +1 +3 +items\n/);
  });

  it("is as its schema says, to the last field", () => {
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    const problemsOf = (value: unknown) => (validate(JSON.parse(JSON.stringify(value))) ? [] : validate.errors);
    expect(problemsOf(report)).toEqual([]);
    expect(problemsOf({ ...report, not_measured_on_aws: [] })).not.toEqual([]);
    expect(problemsOf({ ...report, figures: [{ ...report.figures[0], samples: [] }] })).not.toEqual([]);
    expect(problemsOf({ ...report, mood: "good" })).not.toEqual([]);
  });
});

describe("a program that measures without a stack", () => {
  const asked = { rounds: 2, steps: createSteps({ write: () => {} }), signal: new AbortController().signal };
  const measurement = { kind: "local", name: "process-start", what: "a process" } as const;

  it("takes as many samples as it was asked for", async () => {
    const [finding] = await runProgram({ ...measurement, program: "test/bench/process-start.ts" }, asked);
    expect(finding).toMatchObject({ name: "process-start", unit: "ms" });
    expect(finding?.samples).toHaveLength(2);
  });

  it("is refused when it does not end well", async () => {
    await expect(runProgram({ ...measurement, program: "test/bench/not-there.ts" }, asked)).rejects.toThrow(
      "The measurement process-start failed",
    );
  });
});

describe("the benchmark's arguments", () => {
  it("choose measurements by parts of their names, and the baseline with those that need a stack", () => {
    expect(parse()).toMatchObject({ ok: true, value: { json: false, rounds: 10 } });
    expect(chosenBy()).toEqual(measurements.filter(({ isLong }) => !isLong).map(({ name }) => name));
    expect(chosenBy("revoke-1000")).toEqual(["api-call", "revoke-1000", "revoke-1000-ended"]);
    expect(chosenBy("webhook", "sweep")).toEqual(["api-call", "reauthentication-webhook", "reauthentication-sweep"]);
    expect(chosenBy("process-start")).toEqual(["process-start"]);
    expect(chosenBy("--all")).toEqual(measurements.map(({ name }) => name));
    expect(parse("--json", "--rounds", "20")).toMatchObject({ ok: true, value: { json: true, rounds: 20 } });
  });

  it.each(["0", "1.5", "201", "many", ""])("refuse %j rounds", (rounds) => {
    expect(parse("--rounds", rounds)).toMatchObject({ ok: false, refusal: expect.stringContaining("--rounds") });
  });

  it("refuse what is not there", () => {
    expect(parse("weather")).toMatchObject({ ok: false, refusal: expect.stringContaining("weather") });
    expect(parse("--fast")).toMatchObject({ ok: false, refusal: expect.stringContaining("--rounds N") });
  });
});

it("every program of a measurement is there", () => {
  const programs = measurements.flatMap((each) => (each.kind === "local" ? each.program : []));
  expect(programs.filter((program) => !existsSync(join(import.meta.dirname, "../..", program)))).toEqual([]);
});

it("every measurement is listed, under a name of its own that is its file's", () => {
  const files = globSync("*.ts", { cwd: join(import.meta.dirname, "../../local/bench/measurements") });
  expect(measurements.map(({ name }) => `${name}.ts`).toSorted()).toEqual(files.toSorted());
});
