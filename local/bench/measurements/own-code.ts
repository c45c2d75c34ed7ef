import type { LocalMeasurement } from "../measurement.ts";

export const ownCode: LocalMeasurement = {
  kind: "local",
  name: "own-code",
  what: "the CPU time of a warm list of 20, exchange and hand-out, beside that of the SDK's calls in it",
  program: "test/bench/own-code/main.ts",
};
