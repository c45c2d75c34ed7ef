import type { ImportRefusal } from "#shared/connection/import-connection.ts";
import { finchProblem } from "#shared/http/finch-problem.ts";
import { problem } from "#shared/http/problem.ts";
import type { Reply } from "#shared/http/reply.ts";
import { sessionFailureProblem } from "#shared/http/session-problem.ts";

/** Why a token is not imported. The token itself is repeated nowhere. */
export const importProblem = (refusal: ImportRefusal): Reply => {
  switch (refusal.reason) {
    case "customer_unknown":
      return problem("not_found");
    case "token_not_usable":
      return refuseToken("must be valid at Finch, and its connection signed in");
    case "foreign_application":
      return refuseToken("must have been issued to the Finch application of this deployment");
    case "token_too_large":
      return refuseToken("must have at most 4096 bytes");
    case "acceptance_required":
      return problem("connection_held");
    case "finch":
      return finchProblem(refusal.answer);
    default:
      return sessionFailureProblem(refusal.reason);
  }
};

const refuseToken = (message: string): Reply =>
  problem("invalid_request", { errors: [{ field: "body.access_token", message }] });
