import { randomBytes } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { createSsnMarker } from "#shared/employee/normalise/ssn-mark.ts";
import { type Reconciliation, reconcile } from "#shared/employee/reconcile.ts";
import type { EmployeeRecord } from "#shared/employee/record.ts";
import { progressBar } from "../revoke/progress-bar.ts";
import { Refusal } from "../stack/refusal.ts";
import type { Steps } from "../stack/steps.ts";
import { readItems } from "./json-items.ts";
import type { ReconcileFileOptions } from "./options.ts";
import { toRecord } from "./to-record.ts";

/**
 * Reads, reconciles and writes.
 *
 * @returns a summary for a person
 * @throws Refusal when the file is not there or is none of records.
 */
export const runReconcile = async ({ input, output, full }: ReconcileFileOptions, steps: Steps): Promise<string> => {
  const since = performance.now();
  const read = await steps.step("reading", async (rename) => {
    const found = await readRecords(input, (megabytes, all) => rename(`reading  ${progressBar(megabytes, all)} MB`));
    rename(`${found.records.length} records read`);
    return found;
  });
  const reconciled = performance.now();
  const reconciliation = await steps.step("reconciling", async (rename) => {
    const made = reconcile(read.records);
    rename(`${made.counts.employees} employees, of ${made.counts.compared} pairs compared`);
    return made;
  });
  const seconds = (performance.now() - reconciled) / 1_000;
  const matches = await steps.step("writing", async (rename) => {
    const written = await write(reconciliation, output, full);
    rename(`written to ${output}`);
    return written;
  });
  const { individuals, employees } = reconciliation.counts;
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1_000);
  return [
    `${read.records.length} records of ${individuals} individuals are ${employees} employees; ${matches} possible matches are left to you.`,
    ...(read.leftOut > 0 ? [`${read.leftOut} records say no connection_id or individual id, and were left out.`] : []),
    `${seconds.toFixed(2)} s to reconcile, ${((performance.now() - since) / 1_000).toFixed(2)} s in all, ${megabytes} MB at most.`,
  ].join("\n");
};

const mega = 1_000_000;

const readRecords = async (
  path: string,
  onProgress: (megabytes: number, all: number) => void,
): Promise<{ readonly records: readonly EmployeeRecord[]; readonly leftOut: number }> => {
  const all = sizeOf(path);
  const markSsn = createSsnMarker(randomBytes(16));
  const file = createReadStream(path, { highWaterMark: mega });
  const pieces = path.endsWith(".gz") ? file.pipe(createGunzip({ chunkSize: mega })) : file;
  const records: EmployeeRecord[] = [];
  let leftOut = 0;
  try {
    for await (const { items } of readItems(pieces)) {
      for (const item of items) {
        const record = toRecord(item, markSsn);
        if (record) records.push(record);
        else leftOut += 1;
      }
      onProgress(Math.round(file.bytesRead / mega), Math.ceil(all / mega));
    }
  } catch (error) {
    throw new Refusal(`${path} holds no JSON array of records: ${error instanceof Error ? error.message : error}.`);
  }
  return { records, leftOut };
};

const sizeOf = (path: string): number => {
  try {
    return statSync(path).size;
  } catch {
    throw new Refusal(`${path} could not be read: is it there?`);
  }
};

const write = async (reconciliation: Reconciliation, path: string, full: boolean): Promise<number> => {
  const employees = [...(full ? reconciliation.employees() : reconciliation.clusters())];
  const matches = reconciliation.possibleMatches();
  const possible = full ? matches : matches.map(({ a, b, confidence, why }) => ({ a, b, confidence, why }));
  const lines = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).join(",\n");
  await writeFile(path, `{"employees":[\n${lines(employees)}\n],\n"possible_matches":[\n${lines(possible)}\n]}\n`);
  return matches.length;
};
