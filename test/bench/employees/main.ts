/** How long it takes to reconcile a thousand, ten thousand and a hundred thousand made-up records, each in a process of its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantile } from "../../../local/bench/figures.ts";
import { type Finding, printFindings, roundsAsked } from "../../../local/bench/finding.ts";
import { makeEmployeeSet } from "../../support/employee-set/employee-set.ts";
import type { Sample } from "./once.ts";

const sizes = [1_000, 10_000, 100_000];
/** A hundred thousand take long, and vary little. */
const mostRounds = 3;

const takeSample = (file: string): Sample => {
  const program = join(import.meta.dirname, "once.ts");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", program, file],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${file} is not reconciled: ${stderr}`);
  return JSON.parse(stdout) as Sample;
};

const folder = mkdtempSync(join(tmpdir(), "perch-employees-"));
try {
  const perThousand: number[] = [];
  const megabytes: number[] = [];
  const findings: Finding[] = [];
  for (const size of sizes) {
    const file = join(folder, `${size}.json`);
    writeFileSync(file, JSON.stringify(makeEmployeeSet(size, 31).records));
    const samples = Array.from({ length: Math.min(mostRounds, roundsAsked()) }, () => takeSample(file));
    const of = (name: string, what: string, unit: string, values: readonly number[], bar?: number): Finding => ({
      name: `employees ${size}, ${name}`,
      what: `${what}, of ${size} made-up records`,
      unit,
      samples: values,
      ...(bar !== undefined && { bar: { of: "figure", must_be: "at most", than: bar } }),
    });
    const isLargest = size === sizes.at(-1);
    const reconciled = samples.map((sample) => sample.reconcileSeconds);
    const whole = samples.map((sample) => sample.readSeconds + sample.reconcileSeconds);
    const memory = samples.map((sample) => sample.megabytes);
    const change = samples.flatMap((sample) => sample.changeMs);
    perThousand.push((quantile(reconciled, 0.5) / size) * 1_000);
    megabytes.push(quantile(memory, 0.5));
    findings.push(
      of("reconcile", "CPU time of reconcile", "s", reconciled, isLargest ? 2.5 : undefined),
      of("read and reconcile", "CPU time of parsing the JSON, and reconcile", "s", whole, isLargest ? 5 : undefined),
      of("memory", "memory of the process at most", "MB", memory, isLargest ? 700 : undefined),
      of("one change", "time of reconcileChanges with one changed record", "ms", change, 5),
    );
  }
  const [, middle = 0, largest = 0] = perThousand;
  const [, some = 0, many = 0] = megabytes;
  printFindings([
    ...findings,
    {
      name: "employees growth",
      what: "CPU time per thousand records at 100,000, as a multiple of that at 10,000",
      unit: "times",
      samples: [largest / middle],
    },
    {
      name: "employees 1000000, reconcile",
      what: "CPU time of reconcile, if it grows from 100,000 to 1,000,000 records as it did from 10,000 to 100,000",
      unit: "s",
      samples: [(largest / middle) * largest * 1_000],
    },
    {
      name: "employees 1000000, memory",
      what: "memory of that, if it grows by record as it did from 10,000 to 100,000: what rosterMemoryMegabytes has to be",
      unit: "MB",
      samples: [many + ((many - some) / 90_000) * 900_000],
    },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
