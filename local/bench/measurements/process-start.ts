import type { LocalMeasurement } from "../measurement.ts";

export const processStart: LocalMeasurement = {
  kind: "local",
  name: "process-start",
  what: "a process of Node that does nothing",
  program: "test/bench/process-start.ts",
};
