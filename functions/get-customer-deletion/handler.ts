import { operation } from "#generated/operations/get-customer-deletion.js";
import type { DeletionStore } from "#shared/connection/customer-deletion.ts";
import type { DeletionId } from "#shared/connection/identifiers.ts";
import { deletionBody, linesShown } from "#shared/http/deletion-body.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

export interface GetDeletionDependencies {
  readonly log: Log;
  readonly deletions: Pick<DeletionStore, "find" | "lines">;
}

/** GET /v1/customer-deletions/{deletion_id} */
export const createHandler = ({ log, deletions }: GetDeletionDependencies) =>
  endpoint(operation, log, async ({ path }) => {
    const deletionId = path.deletion_id as DeletionId;
    const deletion = await deletions.find(deletionId);
    // Read afterwards: of a deletion that is done, all lines are there.
    const lines = await deletions.lines(deletionId, linesShown);
    return deletion === undefined ? problem("not_found") : json(200, deletionBody(deletion, lines));
  });
