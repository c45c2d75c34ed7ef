import type { SessionFailure } from "../connection/connect-session.ts";
import type { CreateSessionRefusal } from "../connection/create-connect-session.ts";
import { finchProblem } from "./finch-problem.ts";
import { type ProblemDetails, problem } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** Why a Connect session is not started. */
export const createSessionProblem = (refusal: CreateSessionRefusal): Reply => {
  switch (refusal.reason) {
    case "customer_unknown":
    case "connection_unknown":
      return problem("not_found");
    case "return_url_not_allowed":
      return problem("return_url_not_allowed", {
        errors: [{ field: "body.return_url", message: `must have one of the origins ${refusal.origins.join(", ")}` }],
      });
    case "connection_limit":
      return problem("connection_limit_reached");
    case "connection_disconnecting":
    case "customer_deleting":
      return problem(refusal.reason);
    case "finch":
      return refusal.answer.kind === "refused"
        ? problem("invalid_request", {
            detail: `Finch does not accept this session: ${refusal.answer.message}`,
            errors: [{ field: "body", message: "must be acceptable to Finch: see detail" }],
          })
        : finchProblem(refusal.answer);
  }
};

/** What does not fit together in a request for a session, beyond what the document can say. */
export const refuseReturnUrlIfEmbedded = (body: {
  readonly mode: "redirect" | "embedded";
  readonly return_url?: string;
}): Reply | undefined => {
  if (body.mode === "redirect" || body.return_url === undefined) return undefined;
  const message = "must be left out in mode embedded: the customer does not leave your page";
  return problem("invalid_request", { errors: [{ field: "body.return_url", message }] });
};

/** Why an exchanged or imported token does not become a connection of the customer's. */
export const sessionFailureProblem = (reason: SessionFailure, details: ProblemDetails = {}): Reply => {
  switch (reason) {
    case "connection_limit":
      return problem("connection_limit_reached", details);
    case "connection_conflict":
    case "customer_mismatch":
    case "customer_deleting":
    case "connection_disconnecting":
    case "wrong_account":
    case "wrong_client_type":
    case "invalid_grant":
    case "token_lost":
    case "token_too_large":
    case "finch_refused":
      return problem(reason, details);
  }
};
