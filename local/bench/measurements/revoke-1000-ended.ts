import type { TimedMeasurement } from "../measurement.ts";
import { connectThousand } from "../revoke-thousand.ts";

export const revoke1000Ended: TimedMeasurement = {
  kind: "timed",
  name: "revoke-1000-ended",
  what: "revoke-all --wait of a customer's 1,000 connections, until Finch has confirmed every end",
  isLong: true,
  prepare: (world) => connectThousand(world, { wait: true }),
};
