import type { Surroundings } from "../connection/ports.ts";
import { type BudgetName, isBackground, limitedProductOf, type Priority } from "./budget.ts";
import type { Budgets, Reserved } from "./budgets.ts";

/** Leave to send one request to Finch, as far as all its limits are concerned. */
export interface Leave {
  readonly kind: "granted";
  /** What has not been handed to a connection to Finch by then is not sent. */
  readonly sendBy: Date;
  /** For whoever has sent nothing on it, and will not. Never throws. */
  readonly giveBack: () => Promise<void>;
}

/** Nothing may be sent. When it may be worth asking again. */
export interface NoLeave {
  readonly kind: "refused";
  readonly retryAt: Date;
}

/**
 * Asks for leave to send one request of this path. Whoever waits until it comes does so for `mostMs` at most, and answers
 * that it does not come as soon as that is known. Never throws.
 */
export type AskForLeave = (path: string, mostMs: number) => Promise<Leave | NoLeave>;

export interface AskForLeaveDependencies extends Pick<Surroundings, "now" | "sleep"> {
  readonly budgets: Pick<Budgets, "reserve">;
  readonly priority: Priority;
  /** How long a request waits whose turn is to come, beside what somebody who waits is given of the time ahead. */
  readonly patienceMs: number;
}

/** What is given back at the moment that it is asked for again; nobody asks faster than that. */
const leastPauseMs = 50;

/** Creates the one way to leave: of the product's budget, if the path has one, and of the address's. */
export const createAskForLeave = (deps: AskForLeaveDependencies): AskForLeave => {
  const { budgets, priority, now } = deps;

  const reserveAll = async (names: readonly BudgetName[]): Promise<Leave | NoLeave> => {
    const held: Reserved[] = [];
    const giveBack = async () => {
      await Promise.all(held.map((each) => each.giveBack()));
    };
    for (const name of names) {
      const reservation = await budgets.reserve(name, priority);
      if (reservation.kind === "refused") {
        await giveBack();
        return reservation;
      }
      held.push(reservation);
    }
    const opens = Math.max(...held.map(({ at }) => at.getTime()));
    if (opens > now().getTime()) await deps.sleep(opens - now().getTime());
    const sendBy = new Date(Math.min(...held.map((each) => each.sendBy.getTime())));
    if (now() < sendBy) return { kind: "granted", sendBy, giveBack };
    // The table took longer to answer than the answer is good for.
    await giveBack();
    return { kind: "refused", retryAt: now() };
  };

  return async (path, mostMs) => {
    const product = limitedProductOf(path);
    // A moment to come is waited for only when nothing else is missing. Nobody's wait begins with what is used up first.
    const inOrder: readonly (BudgetName | undefined)[] = isBackground(priority)
      ? [product, "address"]
      : ["address", product];
    const names = inOrder.filter((name) => name !== undefined);
    const deadline = now().getTime() + Math.min(deps.patienceMs, mostMs);
    for (;;) {
      const answer = await reserveAll(names);
      if (answer.kind === "granted") return answer;
      const pauseMs = Math.max(leastPauseMs, answer.retryAt.getTime() - now().getTime());
      if (now().getTime() + pauseMs > deadline) return answer;
      await deps.sleep(pauseMs);
    }
  };
};
