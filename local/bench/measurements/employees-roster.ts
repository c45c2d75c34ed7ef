import type { LocalMeasurement } from "../measurement.ts";

export const employeesRoster: LocalMeasurement = {
  kind: "local",
  name: "employees-roster",
  what: "the time and the memory of each step of a roster, and what they would be for 1,000,000 records, beside what its function has",
  program: "test/bench/roster-steps/main.ts",
  isLong: true,
};
