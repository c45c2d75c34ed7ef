/** Reconciles a file of records in this process, then one changed record at a time, and prints what each took. */
import { readFileSync } from "node:fs";
import { reconcile, reconcileChanges } from "#shared/employee/reconcile.ts";
import type { EmployeeRecord } from "#shared/employee/record.ts";

/** What `main.ts` reads: CPU time, so that what else the machine does counts less. */
export interface Sample {
  readonly readSeconds: number;
  readonly reconcileSeconds: number;
  /** Of the whole process, records included. */
  readonly megabytes: number;
  readonly changeMs: readonly number[];
}

const changes = 31;
const cpuSeconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

const [, , file = ""] = process.argv;
const begun = process.cpuUsage();
const records = JSON.parse(readFileSync(file, "utf8")) as readonly EmployeeRecord[];
const readSeconds = cpuSeconds(begun);
const read = process.cpuUsage();
let run = reconcile(records);
const reconcileSeconds = cpuSeconds(read);
const megabytes = process.resourceUsage().maxRSS / 1024;

const changeMs: number[] = [];
for (let turn = 0; turn < changes; turn += 1) {
  const record = records[Math.floor((records.length * turn) / changes)];
  if (!record) continue;
  const moved = { ...record.individual, residence: { line1: `${turn + 1} Elsewhere Lane`, postal_code: "04101" } };
  const since = performance.now();
  run = reconcileChanges(run, { changed: [{ ...record, individual: moved }] });
  changeMs.push(performance.now() - since);
}
const sample: Sample = { readSeconds, reconcileSeconds, megabytes, changeMs };
process.stdout.write(JSON.stringify(sample));
