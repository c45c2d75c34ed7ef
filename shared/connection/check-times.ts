import { type Connection, isInTrouble } from "./connection.ts";
import { isNotAsked, type PlatformTrouble, type Undecided } from "./finch-port.ts";
import type { Surroundings } from "./ports.ts";

/** How often a connection is looked at by itself. */
export interface CheckTimes extends Pick<Surroundings, "randomBytes"> {
  /** The stage's interval, for a connection without trouble. */
  readonly checkIntervalMs: number;
}

/** In trouble, a connection is looked at so many times as often: its customer may be signing in somewhere. */
const timesAsOftenInTrouble = 6;
const mostJitter = 0.1;
const pauseWhenUndecidedMs = 30 * 60_000;

/**
 * When a connection is looked at again after a look that Finch answered. A little less than the interval by chance, so that
 * what was connected together does not fall due together for ever.
 */
export const nextCheckAfter = (
  { checkIntervalMs, randomBytes }: CheckTimes,
  connection: Connection,
  now: Date,
): Date => {
  const interval = isInTrouble(connection) ? checkIntervalMs / timesAsOftenInTrouble : checkIntervalMs;
  const jitter = ((randomBytes(1)[0] ?? 0) / 255) * mostJitter;
  return new Date(now.getTime() + Math.round(interval * (1 - jitter)));
};

/**
 * When it is looked at again after a look that Finch did not answer: soon, since trouble of Finch's may hide a lost link,
 * and no later than it was to be looked at anyway. As soon as it may be, if Finch could not even be asked.
 */
export const nextCheckWhenUndecided = (
  { nextCheckAt }: Connection,
  now: Date,
  answer?: PlatformTrouble | Undecided,
): Date => {
  const pauseMs = answer && isNotAsked(answer) ? answer.retryAfterSeconds * 1_000 : pauseWhenUndecidedMs;
  const soon = new Date(now.getTime() + pauseMs);
  return nextCheckAt > now && nextCheckAt < soon ? nextCheckAt : soon;
};
