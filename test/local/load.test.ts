import { expect, it } from "vitest";
import { putUnderLoad, toLoadFindings } from "../../local/bench/load.ts";

it("asks as often as was said, so many at a time", async () => {
  let [underway, most, asked] = [0, 0, 0];
  const load = await putUnderLoad(
    async () => {
      asked += 1;
      underway += 1;
      most = Math.max(most, underway);
      await new Promise(setImmediate);
      underway -= 1;
    },
    10,
    4,
  );
  expect([asked, most, load.latencies.length]).toEqual([10, 4, 10]);
  await expect(putUnderLoad(() => Promise.reject(new Error("refused")), 3, 2)).rejects.toThrow("refused");
});

it("is told in requests a second, the median and the 99th percentile, each beside the baseline", () => {
  const latencies = Array.from({ length: 100 }, (_, at) => at + 1);
  const baseline = { name: "bare", load: { latencies: [10], seconds: 0.01 } };
  const findings = toLoadFindings({ name: "list", what: "a list" }, 8, { latencies, seconds: 2 }, baseline);
  expect(findings.map(({ unit, samples, ratio }) => [unit, samples, ratio?.value])).toEqual([
    ["requests/s", [50], 0.5],
    ["ms", [50], 5],
    ["ms", [99], 9.9],
  ]);
});
