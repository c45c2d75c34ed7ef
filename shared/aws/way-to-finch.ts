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
  const budgets = createBudgets({
    ...surroundings,
    store: createBudgetStore(table),
    share: Number(env.FINCH_SHARE) / 100,
    noteFailure: (error) => log.warn("budget out of reach", describeError(error)),
  });
  return { budgets, askForLeave: createAskForLeave({ ...surroundings, budgets, priority, patienceMs }) };
};

/** The one way to Finch: nothing goes there without leave. */
export const openWayToFinch = (env: { readonly FINCH_URL: string }, pace: Pace): Transport =>
  paceTransport({
    ...pace,
    transport: createTransport(env.FINCH_URL, surroundings.now),
    note: (what, budget) => log.warn(what, { reason: budget }),
    now: surroundings.now,
  });
