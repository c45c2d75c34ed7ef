import type { LocalMeasurement } from "../measurement.ts";

export const importCpu: LocalMeasurement = {
  kind: "local",
  name: "import-cpu",
  what: "the CPU time that loading each function's bundle takes, beside that of a naive bundle",
  program: "test/bench/import-cpu/main.ts",
};
