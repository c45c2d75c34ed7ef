import type { Surroundings } from "../connection/ports.ts";
import { type BudgetName, budgetOf, isBackground, type Priority } from "./budget.ts";
import type { BudgetStore, Kind } from "./budget-store.ts";
import { bucketOf, decide, firstKept, isHeld, type Spent, without } from "./window.ts";

export interface BudgetsDependencies extends Pick<Surroundings, "now" | "sleep" | "randomBytes"> {
  readonly store: BudgetStore;
  /** What part of Finch's limits Perch may use. More than all of them: they are no matter, and nothing is held for them. */
  readonly share: number;
  /** Is told why nothing is known of a budget. */
  readonly noteFailure: (error: unknown) => void;
}

/** Leave to send one request, as far as one budget is concerned. */
export interface Reserved {
  readonly kind: "reserved";
  /** From when on it may be sent, by this host's clock. */
  readonly at: Date;
  /** What has not been handed to a connection to Finch by then is not sent. */
  readonly sendBy: Date;
  /** For whoever has sent nothing on it, and will not. Never throws: what is not given back was spent for nothing. */
  readonly giveBack: () => Promise<void>;
}

export type Reservation =
  | Reserved
  /** Nothing may be sent. When it may be worth asking again. */
  | { readonly kind: "refused"; readonly retryAt: Date };

/** The budgets of a deployment, as one function knows them. */
export interface Budgets {
  /** Asks for leave to send one request. Where the table does not answer, the answer is no. */
  readonly reserve: (name: BudgetName, priority: Priority) => Promise<Reservation>;
  /** Finch has refused a request for this limit: nobody sends for so long. Never throws. */
  readonly hold: (name: BudgetName, milliseconds: number) => Promise<void>;
}

/** For so long it is tried again when others count at the same moment; somebody who waits has an answer within a second. */
const contentionMs: Readonly<Record<Priority, number>> = {
  sweep: 5_000,
  background: 5_000,
  interactive: 800,
  exchange: 2_000,
};
/** Where the limits are no matter, neither is whether somebody waits for a slow table. */
const unlimitedContentionMs = 10_000;
const longestPauseMs = 60;
const afterContentionMs = 1_000;
const afterFailureMs = 5_000;

/** What was seen longer ago says little, and a decision on it would have to be made again. */
const knownMs = 30_000;

/**
 * Creates the budgets. Only what the store has counted is granted, and either on a state that still holds, or by whether
 * there was room for it: counted first, whoever comes after sees it. So leave takes one round trip, and a refusal on what was
 * just seen none, since others only take from a budget.
 */
export const createBudgets = (deps: BudgetsDependencies): Budgets => {
  const { store, now } = deps;
  const seen = new Map<BudgetName, { readonly spent: Spent; readonly at: Date }>();
  const remember = (name: BudgetName, spent: Spent) => seen.set(name, { spent, at: now() });
  const recall = (name: BudgetName): Spent | undefined => {
    const last = seen.get(name);
    return last !== undefined && now().getTime() - last.at.getTime() <= knownMs ? last.spent : undefined;
  };

  const tryToReserve = async (name: BudgetName, priority: Priority): Promise<Reservation> => {
    const budget = budgetOf(name, deps.share);
    const kind: Kind = isBackground(priority) ? "background" : "interactive";
    const deadline = now().getTime() + (deps.share > 1 ? unlimitedContentionMs : contentionMs[priority]);
    for (let tries = 1; ; tries += 1) {
      const spent = recall(name);
      const at = now();
      const decision = spent && decide(budget, spent, priority, at);
      if (decision?.kind === "refused") return decision;
      const { at: opens, bucket, tolerates } = decision?.grant ?? { at, bucket: bucketOf(budget, at), tolerates: 0 };
      const answer = await store.count(name, { kind, bucket, spent, tolerates, firstKept: firstKept(budget, at) });
      // Where answers overtake each other, what is remembered is merely old.
      remember(name, answer.spent);
      if (answer.counted) {
        const giveBack = () => store.giveBack(name, { kind, bucket }).catch(deps.noteFailure);
        const before = without(answer.spent, kind, bucket);
        // Undefined: it is decided now, on what there was before it.
        const decided = decision ?? decide(budget, before, priority, at);
        const isGranted = decided.kind === "granted" && decided.grant.bucket === bucket;
        if (isGranted && !isHeld(before, priority, now())) {
          const sendBy = new Date(opens.getTime() + budget.grantMs);
          return { kind: "reserved", at: opens, sendBy, giveBack };
        }
        await giveBack();
        remember(name, before);
        continue;
      }
      if (now().getTime() >= deadline) {
        return { kind: "refused", retryAt: new Date(now().getTime() + afterContentionMs) };
      }
      // At the first, what was remembered was merely old.
      if (tries > 1) await deps.sleep(((deps.randomBytes(1)[0] ?? 0) / 255) * longestPauseMs);
    }
  };

  return {
    async reserve(name, priority) {
      try {
        return await tryToReserve(name, priority);
      } catch (error) {
        deps.noteFailure(error);
        return { kind: "refused", retryAt: new Date(now().getTime() + afterFailureMs) };
      }
    },
    async hold(name, milliseconds) {
      if (deps.share > 1) return;
      await store.hold(name, new Date(now().getTime() + milliseconds)).catch(deps.noteFailure);
    },
  };
};
