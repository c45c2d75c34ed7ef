/**
 * The CPU time of loading each function's bundle in a fresh process, beside that of `naive.ts`: clients, middy, Powertools
 * and Finch's SDK, minified by the same esbuild. Its format is CommonJS and `module` comes before `main`, by which it has
 * 610 KB and loads fastest: with the defaults of esbuild and the CDK it has 865 KB and takes a third longer.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { bundleFunctions, functionNames } from "../../../cdk/bundles.ts";
import { quantile } from "../../../local/bench/figures.ts";
import { printFindings, roundsAsked } from "../../../local/bench/finding.ts";
import { functionEnvironment } from "../../support/function-environment.ts";

/** A median of fewer says little of some milliseconds. */
const fewestRounds = 15;
const mostTimesNaive = 0.55;

const takeSample = (bundle: string): number => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "import-once.cjs"), bundle],
    {
      env: functionEnvironment({ url: "http://127.0.0.1:9", tableName: "none", tokenStore: "secrets-manager" }),
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`${bundle} is not loaded: ${stderr}`);
  return Number(stdout);
};

const folder = mkdtempSync(join(tmpdir(), "perch-import-cpu-"));
try {
  const naive = join(folder, "naive.js");
  await bundleFunctions(folder);
  await build({
    entryPoints: [join(import.meta.dirname, "naive.ts")],
    outfile: naive,
    ...{ bundle: true, minify: true, platform: "node", target: "node24", format: "cjs", logLevel: "warning" },
    mainFields: ["module", "main"],
  });
  const bundles = new Map([
    ["naive", naive],
    ...functionNames().map((name): [string, string] => [name, join(folder, name, "index.js")]),
  ]);
  const samples = new Map([...bundles.keys()].map((name) => [name, [] as number[]]));
  // In turn, so that what else the machine does meets all alike; the first round only warms the disk's cache.
  for (let round = 0; round <= Math.max(fewestRounds, roundsAsked()); round += 1) {
    for (const [name, bundle] of bundles) {
      const sample = takeSample(bundle);
      if (round > 0) samples.get(name)?.push(sample);
    }
  }
  const base = quantile(samples.get("naive") ?? [], 0.5);
  printFindings(
    [...samples].map(([name, taken]) => ({
      name: `import-cpu ${name}`,
      what: `CPU time of loading ${name === "naive" ? "the naive bundle" : `the bundle of ${name}`} in a fresh process`,
      unit: "ms",
      samples: taken,
      ...(name !== "naive" && {
        ratio: { to: "import-cpu naive", value: quantile(taken, 0.5) / base },
        bar: { of: "ratio", must_be: "at most", than: mostTimesNaive } as const,
      }),
    })),
  );
} finally {
  rmSync(folder, { recursive: true });
}
