import type { CheckRequest } from "../connection/check-request.ts";
import type { Connection } from "../connection/connection.ts";
import type { Surroundings } from "../connection/ports.ts";
import { dueEntities } from "./due.ts";
import type { NudgeEmployerReads } from "./ports.ts";

export interface FollowLookDependencies extends Pick<Surroundings, "now"> {
  /** What follows from a look at once; gives the connection as it is then. */
  readonly mark: (connection: Connection) => Promise<Connection>;
  readonly nudgeEmployerReads: NudgeEmployerReads;
}

/**
 * Creates what follows from a look at a connection: possible duplicates are marked, and employers that are due are asked for,
 * or all of them where Finch has told that the company changed. Safe to repeat.
 */
export const followLook =
  ({ now, mark, nudgeEmployerReads }: FollowLookDependencies) =>
  async (connection: Connection, request?: CheckRequest): Promise<void> => {
    const marked = await mark(connection);
    const staleBefore = request?.reason === "company" ? request.askedAt : undefined;
    if (dueEntities(marked, now(), staleBefore).length === 0) return;
    const { customerId, connectionId } = marked;
    await nudgeEmployerReads({ customerId, connectionId, staleBefore, attempt: 0 }, 0);
  };
