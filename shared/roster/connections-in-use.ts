import { isInUse } from "../connection/connection.ts";
import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import type { ConnectionStore, PagePosition } from "../connection/store-ports.ts";

const connectionsPerPage = 100;

/** So many connections a roster has at most: what the API tells of them is one answer of a function's, which has 6 MB at most. */
export const mostConnections = 5_000;
/** Their ids are one state of Step Functions, which has 256 KB at most, with the customer's and the roster's. */
const mostBytesOfIds = 256 * 1_024 - 2_048;

/** Whether one roster takes these connections. Ids are Finch's, UUIDs today, and of a length of their own. */
export const fitOneRoster = (ids: readonly ConnectionId[]): boolean =>
  ids.length <= mostConnections && Buffer.byteLength(JSON.stringify(ids)) <= mostBytesOfIds;

/**
 * The ids of all of a customer's connections that are in use now, neither held nor being disconnected.
 *
 * @param enough looks no further once there are more than so many.
 */
export const listInUse = async (
  { connections }: { readonly connections: Pick<ConnectionStore, "list"> },
  customerId: CustomerId,
  enough = Number.POSITIVE_INFINITY,
): Promise<readonly ConnectionId[]> => {
  const ids: ConnectionId[] = [];
  for (let from: PagePosition | undefined; ; ) {
    const page = await connections.list(customerId, {
      ...{ limit: connectionsPerPage, from, status: undefined, providerId: undefined },
    });
    ids.push(...page.items.filter(isInUse).map(({ connectionId }) => connectionId));
    from = page.next;
    if (from === undefined || ids.length > enough) return ids;
  }
};
