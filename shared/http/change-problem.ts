import type { ChangeRefusal } from "../connection/change-connection.ts";
import type { EntityDisconnectRefusal } from "../connection/request-entity-disconnect.ts";
import { problem } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** Why a connection is not changed. */
export const changeProblem = ({ reason }: ChangeRefusal | EntityDisconnectRefusal): Reply => {
  switch (reason) {
    case "connection_unknown":
    case "entity_unknown":
      return problem("not_found");
    case "connection_limit":
      return problem("connection_limit_reached");
    case "customer_deleting":
    case "not_held":
    case "connection_held":
    case "connection_changed":
    case "last_entity":
    case "connection_disconnecting":
      return problem(reason);
  }
};
