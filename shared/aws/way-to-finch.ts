import type { Priority } from "../budget/budget.ts";
import { type Budgets, createBudgets } from "../budget/budgets.ts";
import { type AskForLeave, createAskForLeave } from "../budget/leave.ts";
import { createBudgetStore } from "../dynamodb/budget-store.ts";
import type { Table } from "../dynamodb/table.ts";
import { paceTransport } from "../finch/paced.ts";
import { createTransport, type Transport } from "../finch/transport.ts";
import { describeError } from "../log.ts";
import { log, surroundings } from "./surroundings.ts";

/** Who gives leave to send. */
export interface Pace {
  readonly askForLeave: AskForLeave;
  readonly budgets: Budgets;
}

/** The deployment's budgets, for what has this priority and waits so long for its turn. */
export const openPace = (
  env: { readonly FINCH_SHARE: string },
  table: Table,
  priority: Priority,
  patienceMs = 0,
): Pace => {
  const share = Number(env.FINCH_SHARE) / 100;
  const made = createBudgets({
    ...surroundings,
    store: createBudgetStore(table),
    share,
    noteFailure: (error) => log.warn("budget out of reach", describeError(error)),
  });
  const budgets = share > 1 ? withLastingGrants(made) : made;
  return { budgets, askForLeave: createAskForLeave({ ...surroundings, budgets, priority, patienceMs }) };
};

/** Longer than a slow machine takes from a grant to a connection. */
const lastingMs = 60_000;
/** For so long it is asked again where the table took longer to count than somebody may wait. */
const countingMs = 10_000;

/** Where Perch may use more than there is, Finch's limits are no matter, and neither is how late a grant comes or is used. */
const withLastingGrants = (budgets: Budgets): Budgets => ({
  ...budgets,
  async reserve(...about) {
    const giveUpAt = surroundings.now().getTime() + countingMs;
    for (;;) {
      const answer = await budgets.reserve(...about);
      if (answer.kind === "reserved") return { ...answer, sendBy: new Date(answer.sendBy.getTime() + lastingMs) };
      if (surroundings.now().getTime() >= giveUpAt) return answer;
      await surroundings.sleep(50);
    }
  },
});

/** The one way to Finch: nothing goes there without leave. */
export const openWayToFinch = (env: { readonly FINCH_URL: string }, pace: Pace): Transport =>
  paceTransport({
    ...pace,
    transport: createTransport(env.FINCH_URL, surroundings.now),
    note: (what, budget) => log.warn(what, { reason: budget }),
    now: surroundings.now,
  });
