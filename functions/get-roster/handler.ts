import { operation } from "#generated/operations/get-roster.js";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { Surroundings } from "#shared/connection/ports.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import { rosterBody } from "#shared/http/roster-body.ts";
import type { Log } from "#shared/log.ts";
import type { RosterStore } from "#shared/roster/ports.ts";
import type { RosterId } from "#shared/roster/roster.ts";

export interface GetRosterDependencies extends Pick<Surroundings, "now"> {
  readonly log: Log;
  readonly rosters: Pick<RosterStore, "find" | "reads">;
}

/** GET /v1/customers/{customer_id}/employee-rosters/{roster_id} */
export const createHandler = ({ log, rosters, now }: GetRosterDependencies) =>
  endpoint(operation, log, async ({ path }) => {
    const [customerId, rosterId] = [path.customer_id as CustomerId, path.roster_id as RosterId];
    const roster = await rosters.find(customerId, rosterId);
    // The table deletes late: what has expired is gone.
    if (roster === undefined || roster.expiresAt <= now()) return problem("not_found");
    return json(200, rosterBody(roster, await rosters.reads(customerId, rosterId)));
  });
