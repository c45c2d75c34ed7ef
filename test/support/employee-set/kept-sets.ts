/** Sets of records that are not in the repository, for whoever has them: beside the checkout, or where a variable says. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createSsnMarker } from "#shared/employee/normalise/ssn-mark.ts";
import type { EmployeeRecord } from "#shared/employee/record.ts";
import { toRecord } from "../../../local/reconcile/to-record.ts";
import { root } from "../../../local/stack/places.ts";

/** Names the folder with the sets, each a gzipped array of records as Finch answers them. */
const folderVariable = "PERCH_EMPLOYEE_SETS";

/** The names of those of these sets that are there. @throws Error when a folder is named that lacks one. */
export const findKeptSets = (...names: readonly string[]): readonly string[] => {
  const missing = names.filter((name) => !existsSync(fileOf(name)));
  if (process.env[folderVariable] && missing.length > 0) throw new Error(`there is no ${missing.join(", no ")}`);
  return names.filter((name) => !missing.includes(name));
};

/** The records of a set, without the truth about them; SSNs as marks under a key that is always the same. */
export const readKeptSet = (name: string): readonly EmployeeRecord[] => {
  const items: unknown = JSON.parse(gunzipSync(readFileSync(fileOf(name))).toString());
  if (!Array.isArray(items)) throw new TypeError(`${name} is no array`);
  const markSsn = createSsnMarker(new Uint8Array(16).fill(23));
  return items.flatMap((item) => toRecord(item, markSsn) ?? []);
};

const fileOf = (name: string): string =>
  join(process.env[folderVariable] ?? join(root, "..", "shared", "employees"), `${name}.json.gz`);
