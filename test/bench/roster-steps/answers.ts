/** Finch's answers about a made-up set, on disk by pages, with all that Finch tells of people and Perch leaves out. */
import { hash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EmployeeRecord } from "#shared/employee/record.ts";
import type { Transport } from "#shared/finch/transport.ts";
import { makeEmployeeSet } from "../../support/employee-set/employee-set.ts";

const seed = 31;
const connections = 4;

/** Writes them. @returns how many people each connection has. */
export const writeAnswers = (folder: string, size: number, pageSize: number): readonly number[] => {
  const { records } = makeEmployeeSet(size, seed);
  return Array.from({ length: connections }, (_, connection) => {
    const own = records.filter(({ connection_id: id }) => id === `conn-${connection}`);
    for (let page = 0; page * pageSize < own.length; page += 1) {
      const from = page * pageSize;
      const some = own.slice(from, from + pageSize);
      const idOf = (at: number) => individualId(connection, from + at);
      const answers = {
        directory: {
          paging: { offset: from, count: own.length },
          individuals: some.map((record, at) => ({ id: idOf(at), ...directoryEntry(record) })),
        },
        individual: { responses: some.map((record, at) => told(idOf(at), individual(record))) },
        employment: { responses: some.map((record, at) => told(idOf(at), employment(record))) },
      };
      mkdirSync(placeOf(folder, connection, from), { recursive: true });
      for (const [product, answer] of Object.entries(answers)) {
        writeFileSync(join(placeOf(folder, connection, from), product), JSON.stringify(answer));
      }
    }
    return own.length;
  });
};

/** Answers a connection's requests with them, as a transport; the page by its offset, or by the first of the batch. */
export const answerFrom =
  (folder: string, connection: number): Transport =>
  async ({ path, body }) => {
    const { pathname, searchParams } = new URL(`http://finch${path}`);
    const product = pathname.split("/").at(-1) ?? "";
    const asked = body === undefined ? undefined : JSON.parse(Buffer.from(body).toString());
    const first = asked === undefined ? searchParams.get("offset") : asked.requests[0].individual_id.split("-").at(-1);
    const bytes = readFileSync(join(placeOf(folder, connection, Number(first)), product));
    return { kind: "answer", status: 200, headers: {}, body: bytes };
  };

const placeOf = (folder: string, connection: number, from: number): string =>
  join(folder, "finch", `${connection}`, `${from}`);
/** As long as Finch's. */
const individualId = (connection: number, at: number): string => `8c5f3c0e-0000-4000-8000-${connection}-${at}`;
const told = (id: string, body: object) => ({ individual_id: id, code: 200, body: { id, ...body } });

const directoryEntry = ({ individual }: EmployeeRecord) => ({
  first_name: individual?.first_name ?? null,
  middle_name: individual?.middle_name ?? null,
  last_name: individual?.last_name ?? null,
  manager: { id: individualId(0, 0) },
  department: { name: "Customer Success" },
  is_active: true,
});

const individual = ({ individual: of, ssn_mark: mark }: EmployeeRecord) => ({
  ...of,
  ...{ preferred_name: null, ethnicity: "decline_to_specify", marital_status: "unknown", ssn: ssnOf(mark) },
});

const employment = ({ individual: of, employment: job }: EmployeeRecord) => {
  const income = { unit: "yearly", amount: 6_400_000, currency: "usd", effective_date: job?.start_date };
  return {
    ...{ first_name: of?.first_name, last_name: of?.last_name, manager: { id: individualId(0, 0) } },
    ...{ ...job, department: { name: "Customer Success" }, employment: { type: "employee", subtype: "full_time" } },
    ...{ employment_status: "active", is_active: true, location: of?.residence, income, income_history: [income] },
    ...{ custom_fields: [], class_code: null, source_id: "E000001", work_id: "E000001", flsa_status: "exempt" },
  };
};

/** A number for each mark of the set, so that who shared one there shares one here. */
const ssnOf = (mark: string | null | undefined): string | null => {
  if (!mark) return null;
  const digits = `${101_010_001 + (Number.parseInt(hash("sha256", mark, "hex").slice(0, 8), 16) % 500_000_000)}`;
  // A mark of the last four only is short.
  return mark.length <= 8 ? `***-**-${digits.slice(-4)}` : digits;
};
