import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Places } from "./places.ts";
import { describeError, Refusal } from "./refusal.ts";

/** What to print about a failure: what the person can use, never a stack. Of what nobody foresaw, the log has the stack. */
export const describeFailure = (error: unknown, { logs }: Pick<Places, "logs">): string => {
  if (error instanceof Refusal)
    return `${error.lastLines === undefined ? "" : `${error.lastLines}\n\n`}${error.message}`;
  const log = join(logs, "error.log");
  mkdirSync(logs, { recursive: true });
  const stack = error instanceof Error ? error.stack : String(error);
  appendFileSync(log, `${new Date().toISOString()} ${stack}\n`, { mode: 0o600 });
  return `Something unforeseen went wrong (${describeError(error).split("\n")[0]}); the details are in ${log}.`;
};
