import type { LocalMeasurement } from "../measurement.ts";

export const employees: LocalMeasurement = {
  kind: "local",
  name: "employees",
  what: "the CPU time and the memory that reconciling records takes, and the time of one changed record",
  program: "test/bench/employees/main.ts",
};
