import type { LocalMeasurement } from "../measurement.ts";

export const cost: LocalMeasurement = {
  kind: "local",
  name: "cost",
  what: "round trips of list, get and exchange, and what a million calls would cost",
  program: "test/bench/cost.ts",
};
