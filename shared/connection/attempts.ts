import type { Disconnect, EntityDisconnect } from "./connection.ts";
import type { NotAsked } from "./finch-port.ts";

const longestPauseMs = 6 * 3_600_000;
const firstPauseMs = 60_000;

/** What was asked for, where Finch could not be asked: no attempt, and due again as soon as it may be. */
export const whenNotAsked = <Asked extends Disconnect | EntityDisconnect>(
  asked: Asked,
  { retryAfterSeconds }: NotAsked,
  now: Date,
): Asked => ({ ...asked, nextAttemptAt: new Date(now.getTime() + retryAfterSeconds * 1_000) });

/** What was asked for, after an attempt that Finch did not confirm: the next is due after a pause that doubles, up to six hours. */
export const afterAttempt = <Asked extends Disconnect | EntityDisconnect>(asked: Asked, now: Date): Asked => ({
  ...asked,
  attempts: asked.attempts + 1,
  nextAttemptAt: new Date(now.getTime() + Math.min(firstPauseMs * 2 ** Math.min(asked.attempts, 20), longestPauseMs)),
});
