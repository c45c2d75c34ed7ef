import type { Surroundings } from "../connection/ports.ts";
import { type BudgetName, budgetOf, type Priority } from "./budget.ts";
import type { BudgetStore, Kind } from "./budget-store.ts";
import { decide, firstKept, nothingSpent, type Spent } from "./window.ts";

export interface BudgetsDependencies extends Pick<Surroundings, "now" | "sleep" | "randomBytes"> {
  readonly store: BudgetStore;
  /** The stage's limit of the budget `address`. */
  readonly addressLimit: number;
  /** Is told why nothing is known of a budget. */
  readonly noteFailure: (error: unknown) => void;
}

/** Leave to send one request. */
export interface Reserved {
  readonly kind: "reserved";
  /** From when on it may be sent, until `grantMs` later; by this host's clock. */
  readonly at: Date;
  /** For whoever has sent nothing on it, and will not. Never throws: what is not given back was spent for nothing. */
  readonly giveBack: () => Promise<void>;
}

export type Reservation =
  | Reserved
  /** Nothing may be sent. When it may be worth asking again. */
  | { readonly kind: "refused"; readonly retryAt: Date };

/** The budgets of a deployment, as one function knows them. */
export interface Budgets {
  /** Gets to know a budget ahead of the first reservation. Never throws: the reservation finds out by itself. */
  readonly look: (name: BudgetName) => Promise<void>;
  /** Asks for leave to send one request. Where the table does not answer, the answer is no. */
  readonly reserve: (name: BudgetName, priority: Priority) => Promise<Reservation>;
}

/** For so long it is tried again when others count at the same moment; somebody who waits has an answer within a second. */
const contentionMs: Readonly<Record<Priority, number>> = { background: 5_000, interactive: 800, exchange: 2_000 };
const longestPauseMs = 60;
const afterContentionMs = 1_000;
const afterFailureMs = 5_000;

/**
 * Creates the budgets. Each is remembered as it was seen last: what is decided on that and still holds takes one round trip,
 * and a refusal none, since others only take from a budget. Only the store's own condition grants anything.
 */
export const createBudgets = (deps: BudgetsDependencies): Budgets => {
  const { store, now } = deps;
  const seen = new Map<BudgetName, Spent>();
  const looking = new Map<BudgetName, Promise<void>>();

  const tryToReserve = async (name: BudgetName, priority: Priority): Promise<Reservation> => {
    const budget = budgetOf(name, deps.addressLimit);
    const kind: Kind = priority === "background" ? "background" : "interactive";
    const deadline = now().getTime() + contentionMs[priority];
    for (let tries = 1; ; tries += 1) {
      const spent = seen.get(name) ?? nothingSpent;
      const at = now();
      const decision = decide(budget, spent, priority, at);
      if (decision.kind === "refused") return decision;
      const { grant } = decision;
      const { bucket, tolerates } = grant;
      const answer = await store.count(name, { kind, bucket, spent, tolerates, firstKept: firstKept(budget, at) });
      // Where answers overtake each other, what is remembered is merely old.
      seen.set(name, answer.spent);
      if (answer.counted) {
        const giveBack = () => store.giveBack(name, { kind, bucket }).catch(deps.noteFailure);
        return { kind: "reserved", at: grant.at, giveBack };
      }
      if (now().getTime() >= deadline) {
        return { kind: "refused", retryAt: new Date(now().getTime() + afterContentionMs) };
      }
      // At the first, what was remembered was merely old.
      if (tries > 1) await deps.sleep(((deps.randomBytes(1)[0] ?? 0) / 255) * longestPauseMs);
    }
  };

  const look = (name: BudgetName): Promise<void> => {
    const looked = store.find(name).then((spent) => void seen.set(name, spent), deps.noteFailure);
    looking.set(name, looked);
    return looked;
  };

  return {
    look,
    async reserve(name, priority) {
      await looking.get(name);
      try {
        return await tryToReserve(name, priority);
      } catch (error) {
        deps.noteFailure(error);
        return { kind: "refused", retryAt: new Date(now().getTime() + afterFailureMs) };
      }
    },
  };
};
