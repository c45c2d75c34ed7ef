import { type BudgetName, limitedProductOf } from "../budget/budget.ts";
import type { Budgets } from "../budget/budgets.ts";
import type { AskForLeave } from "../budget/leave.ts";
import type { Surroundings } from "../connection/ports.ts";
import { isError } from "./answers.ts";
import { parseObject } from "./request.ts";
import type { RawAnswer, Transport } from "./transport.ts";

export interface PacedTransportDependencies extends Pick<Surroundings, "now"> {
  readonly transport: Transport;
  readonly askForLeave: AskForLeave;
  readonly budgets: Pick<Budgets, "hold">;
  /** Is told of what somebody should hear of. */
  readonly note: (what: "budget used up" | "finch refused for its limits", budget: BudgetName) => void;
}

/** Finch counts an application's requests over a minute, for all of its addresses. */
const applicationHoldMs = 60_000;
/** It shuts an address out for an hour, and Lambda's functions have many: the next may be good. */
const addressHoldMs = 300_000;

/** Of what no connection has taken in the time that its leave is good for, nothing has reached Finch, a code included. */
const mostTries = 3;

/** What Finch says is exceeded: whose requests are held back, and for how long. */
interface Exceeded {
  readonly budget: BudgetName;
  readonly holdMs: number;
}

/**
 * The transport that asks for leave before each request: nothing goes to Finch another way. Without leave nothing is sent.
 * Where Finch refuses a request all the same, others use its limits up: then nobody sends for a while.
 */
export const paceTransport =
  ({ transport, askForLeave, budgets, note, now }: PacedTransportDependencies): Transport =>
  async (request) => {
    const [path = ""] = request.path.split("?");
    const budget: BudgetName = limitedProductOf(path) ?? "address";
    const giveUpAt = now().getTime() + request.timeoutMs;
    // Who asks for so much time has no more than that, the wait included.
    const leftMs = () => Math.max(1, giveUpAt - now().getTime());
    for (let tries = 1; ; tries += 1) {
      const leave = await askForLeave(path, leftMs());
      if (leave.kind === "refused") {
        note("budget used up", budget);
        const seconds = Math.ceil((leave.retryAt.getTime() - now().getTime()) / 1_000);
        return { kind: "undecided", reason: "budget_used_up", retryAfterSeconds: Math.max(1, seconds) };
      }
      const answer = await transport({ ...request, timeoutMs: leftMs(), sendBy: leave.sendBy });
      if (answer.kind === "not_sent") {
        await leave.giveBack();
        // A function that has just started is slow once.
        if (tries < mostTries && now().getTime() < giveUpAt) continue;
        return { kind: "undecided", reason: "unreachable" };
      }
      const exceeded = answer.kind === "answer" ? exceededBy(answer, budget) : undefined;
      if (exceeded !== undefined) {
        note("finch refused for its limits", exceeded.budget);
        await budgets.hold(exceeded.budget, exceeded.holdMs);
      }
      return answer;
    }
  };

/** What an answer says is exceeded; a provider's own limit is none of ours. */
const exceededBy = ({ status, body }: RawAnswer, budget: BudgetName): Exceeded | undefined => {
  if (status !== 429) return undefined;
  const error = parseObject(body);
  if (isError(error, "finch_api_ip_rl")) return { budget: "address", holdMs: addressHoldMs };
  return isError(error, "finch_application_rl") ? { budget, holdMs: applicationHoldMs } : undefined;
};
