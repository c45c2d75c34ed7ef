import type { ChangeRefusal } from "../connection/change-connection.ts";
import { problem } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** Why a connection is not changed. */
export const changeProblem = ({ reason }: ChangeRefusal): Reply => {
  switch (reason) {
    case "connection_unknown":
      return problem("not_found");
    case "connection_limit":
      return problem("connection_limit_reached");
    case "not_held":
    case "connection_disconnecting":
      return problem(reason);
  }
};
