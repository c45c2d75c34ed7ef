import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 } from "uuid";
import type { Surroundings } from "../connection/ports.ts";
import { createLog } from "../log.ts";

/** The real clock and the real chance. */
export const surroundings: Surroundings = {
  now: () => new Date(),
  randomBytes,
  newId: () => v7(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds);
  },
};

/** The function's log: one JSON object a line on standard output, which Lambda takes as it is. */
export const log = createLog((line) => process.stdout.write(`${line}\n`));
