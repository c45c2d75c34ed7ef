import { type Actor, entriesOf } from "../connection/audit.ts";
import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import type { Surroundings } from "../connection/ports.ts";
import type { ConnectionStore } from "../connection/store-ports.ts";
import type { Decision } from "../employee/record.ts";
import { ok, type Result, refuse } from "../result.ts";
import type { KeptDecision, RosterStore } from "./ports.ts";

export interface DecideMatchDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly connections: Pick<ConnectionStore, "find">;
  readonly rosters: Pick<RosterStore, "findDecision" | "decide">;
}

/**
 * Creates the use case: the platform says that two individuals are one person, or two. What it says stands above all
 * evidence in every run from then on, until it says otherwise. Saying the same again changes nothing.
 */
export const decideMatch =
  (deps: DecideMatchDependencies) =>
  async (
    customerId: CustomerId,
    decision: Decision,
    by: Actor,
  ): Promise<Result<KeptDecision, "connection_unknown" | "customer_unknown" | "customer_deleting">> => {
    for (const { connection_id } of [decision.a, decision.b]) {
      const connection = await deps.connections.find(customerId, connection_id as ConnectionId);
      if (connection === undefined) return refuse("connection_unknown");
    }
    for (;;) {
      const known = await deps.rosters.findDecision(customerId, decision);
      if (known?.same === decision.same) return ok(known);
      const now = deps.now();
      const next: KeptDecision = { ...decision, decidedAt: now, version: (known?.version ?? 0) + 1 };
      const entries = entriesOf(deps, by, { customerId, action: "match_decided", at: now });
      const decided = await deps.rosters.decide(customerId, next, entries);
      if (decided.ok) return ok(next);
      if (decided.refusal !== "changed") return refuse(decided.refusal);
      // Decided by another call at the same moment: look again.
    }
  };
