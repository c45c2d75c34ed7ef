/**
 * Holds what is stored against what Finch has issued and what was told, and says in sentences what does not fit. It knows
 * the rules, not the code: whoever changes the code and breaks a rule finds a sentence here.
 */
import type { Audited, Excuses } from "./auditor/audited.ts";
import { auditErasure } from "./auditor/erasure.ts";
import { auditEvents } from "./auditor/events.ts";
import { auditOwnership } from "./auditor/ownership.ts";
import { auditSessions } from "./auditor/sessions.ts";
import { auditIssuedTokens, auditSecrets, auditStoredTokens } from "./auditor/tokens.ts";

/** Everything that does not fit; nothing when all is well. */
export const audit = async (world: Audited, excuses: Excuses): Promise<readonly string[]> => [
  ...auditOwnership(world),
  ...(await auditStoredTokens(world)),
  ...auditIssuedTokens(world, excuses),
  ...auditSecrets(world, excuses),
  ...auditSessions(world),
  ...auditEvents(world),
  ...auditErasure(world),
];
