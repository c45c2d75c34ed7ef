import type { OpenTokenRefusal } from "../use/open-token.ts";
import { problem } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** Why no token of a connection serves, as a problem document that says what to do. */
export const tokenProblem = (refusal: OpenTokenRefusal): Reply => {
  switch (refusal.reason) {
    case "connection_unknown":
    case "entity_unknown":
      return problem("not_found");
    case "disconnecting":
      return problem("connection_disconnecting");
    case "held":
      return problem("connection_held");
    case "reauthentication_required":
      return problem("reauthentication_required");
    case "product_not_granted":
      return problem("product_not_granted", { detail: whatIsMissing(refusal.missing) });
  }
};

const whatIsMissing = (missing: readonly string[]): string =>
  `${missing.length > 0 ? `None opens ${missing.join(", ")}.` : "No single one opens all of them; ask for fewer, or:"} ` +
  "Start a Connect session with these products and let the customer sign in.";
