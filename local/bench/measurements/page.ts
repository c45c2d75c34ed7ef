import type { LocalMeasurement } from "../measurement.ts";

export const page: LocalMeasurement = {
  kind: "local",
  name: "page",
  what: "when the connections page draws in a browser, what moves in it, and how much script it loads",
  program: "test/bench/page/main.ts",
};
