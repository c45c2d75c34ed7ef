import type { PlatformTrouble, Undecided } from "../connection/finch-port.ts";
import { problem } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** Trouble with Finch as a problem document. Finch's own words stay out of it: they may quote a request. */
export const finchProblem = (answer: PlatformTrouble | Undecided): Reply => {
  if (answer.kind === "platform_trouble") {
    return problem("finch_refused", {
      detail: `Finch answered ${answer.reason}. Check the Finch application's secret and its account; nothing was changed.`,
    });
  }
  switch (answer.reason) {
    case "timeout":
      return problem("finch_timeout", { retryAfter: 30 });
    case "budget_used_up":
      return problem("budget_used_up", { retryAfter: answer.retryAfterSeconds });
    case "rate_limited":
      return problem("finch_unavailable", { retryAfter: 60 });
    case "unreachable":
    case "server_error":
    case "unreadable":
      return problem("finch_unavailable", { retryAfter: 30 });
  }
};
