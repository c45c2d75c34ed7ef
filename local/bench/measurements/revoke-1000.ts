import type { TimedMeasurement } from "../measurement.ts";
import { connectThousand } from "../revoke-thousand.ts";

export const revoke1000: TimedMeasurement = {
  kind: "timed",
  name: "revoke-1000",
  what: "revoke-all of a customer's 1,000 connections, until none of them is in use",
  isLong: true,
  prepare: (world) => connectThousand(world, { wait: false }),
};
