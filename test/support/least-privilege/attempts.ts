/**
 * What is tried with each function's role: every action that any of them has, and those that would give more, on everything
 * there is. Each asks for something that changes nothing where it is let through: a condition that does not hold, a thing
 * that is not there, a field that is missing.
 */
import type { Attempt } from "./attempt.ts";
import type { Deployed } from "./deployed.ts";
import { escalations } from "./escalations.ts";
import { itemAttempts } from "./item-attempts.ts";
import { rosterAttempts } from "./roster-attempts.ts";
import { eventAttempts, functionAttempts, logAttempts, queueAttempts, streamAttempts } from "./service-attempts.ts";
import { keyAttempts, secretAttempts } from "./token-attempts.ts";

/** Everything that is tried with one role. */
export const attemptsOn = (deployed: Deployed): readonly Attempt[] => [
  ...itemAttempts(),
  ...streamAttempts(deployed),
  ...keyAttempts(deployed),
  ...secretAttempts(deployed),
  ...rosterAttempts(deployed),
  ...queueAttempts(deployed),
  ...functionAttempts(deployed),
  ...eventAttempts(deployed),
  ...logAttempts(deployed),
  ...escalations(deployed),
];
