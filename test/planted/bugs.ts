import { budgetBugs } from "./bugs/budget.ts";
import { checkBugs } from "./bugs/checks.ts";
import { claimBugs } from "./bugs/claim.ts";
import { costBugs } from "./bugs/cost.ts";
import { decisionBugs } from "./bugs/decision.ts";
import { deployBugs } from "./bugs/deploy.ts";
import { doorBugs } from "./bugs/door.ts";
import { employeeBugs } from "./bugs/employees.ts";
import { endingBugs } from "./bugs/endings.ts";
import { forwardBugs } from "./bugs/forward.ts";
import { growthBugs } from "./bugs/growth.ts";
import { pageBugs } from "./bugs/page.ts";
import { rosterBugs } from "./bugs/rosters.ts";
import { stateBugs } from "./bugs/state.ts";
import { tokenBugs } from "./bugs/tokens.ts";
import { useBugs } from "./bugs/use.ts";
import { wayBackBugs } from "./bugs/way-back.ts";
import { webhookBugs } from "./bugs/webhooks.ts";
import type { PlantedBug } from "./planted-bug.ts";

/** Every bug that a test is known to find. */
export const bugs: readonly PlantedBug[] = [
  ...claimBugs,
  ...decisionBugs,
  ...employeeBugs,
  ...rosterBugs,
  ...stateBugs,
  ...wayBackBugs,
  ...tokenBugs,
  ...webhookBugs,
  ...checkBugs,
  ...endingBugs,
  ...doorBugs,
  ...deployBugs,
  ...useBugs,
  ...pageBugs,
  ...forwardBugs,
  ...costBugs,
  ...growthBugs,
  ...budgetBugs,
];
