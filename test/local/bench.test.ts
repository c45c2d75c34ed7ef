import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeReport, quantile, toFigures } from "../../local/bench/figures.ts";
import { baseline, measurements } from "../../local/bench/measurements.ts";
import { parseBenchOptions } from "../../local/bench/options.ts";

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

  it("is compared with the baseline, if that was measured", () => {
    const [base, slow] = [
      { name: "base", what: "base", samples: [0.1, 0.2, 0.3] },
      { name: "slow", what: "slow", samples: [2.0004] },
    ];
    expect(toFigures([base, slow], "base")).toMatchObject([
      { min: 0.1, median: 0.2, p90: 0.3, times_baseline: 1 },
      { min: 2, median: 2, p90: 2, times_baseline: 10 },
    ]);
    expect(toFigures([slow], "base")).toMatchObject([{ times_baseline: null }]);
  });

  it("is shown with the machine, and says what it is not", () => {
    const shown = describeReport({
      not_measured_on_aws: true,
      machine: { cpu: "Difference Engine", cores: 2, load_average: [0.5, 0.4, 0.3], node: "24.0.0" },
      load_average_after: [1, 0.5, 0.3],
      unit: "seconds",
      figures: toFigures([{ name: "api-call", what: "one call", samples: tenths }], "api-call"),
    });
    expect(shown).toContain(
      "Difference Engine, 2 cores, Node 24.0.0; load average 0.5 0.4 0.3 before, 1 0.5 0.3 after",
    );
    expect(shown).toContain("Not measured on AWS");
    expect(shown).toMatch(/api-call +10 +0\.100 +0\.500 +0\.900 +1\.0/);
  });
});

describe("the benchmark's arguments", () => {
  it("choose measurements by parts of their names, and the baseline always", () => {
    expect(parse()).toMatchObject({ ok: true, value: { json: false, rounds: 10 } });
    expect(chosenBy()).toEqual(measurements.filter(({ isLong }) => !isLong).map(({ name }) => name));
    expect(chosenBy("revoke-1000")).toEqual(["api-call", "revoke-1000", "revoke-1000-ended"]);
    expect(chosenBy("webhook", "sweep")).toEqual(["api-call", "reauthentication-webhook", "reauthentication-sweep"]);
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

it("every measurement is listed, under a name of its own that is its file's", () => {
  const files = globSync("*.ts", { cwd: join(import.meta.dirname, "../../local/bench/measurements") });
  expect(measurements.map(({ name }) => `${name}.ts`).toSorted()).toEqual(files.toSorted());
});
