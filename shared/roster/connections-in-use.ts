import { isInUse } from "../connection/connection.ts";
import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import type { ConnectionStore, PagePosition } from "../connection/store-ports.ts";

const connectionsPerPage = 100;

/** The ids of all of a customer's connections that are in use now, neither held nor being disconnected. */
export const listInUse = async (
  { connections }: { readonly connections: Pick<ConnectionStore, "list"> },
  customerId: CustomerId,
): Promise<readonly ConnectionId[]> => {
  const ids: ConnectionId[] = [];
  for (let from: PagePosition | undefined; ; ) {
    const page = await connections.list(customerId, {
      ...{ limit: connectionsPerPage, from, status: undefined, providerId: undefined },
    });
    ids.push(...page.items.filter(isInUse).map(({ connectionId }) => connectionId));
    from = page.next;
    if (from === undefined) return ids;
  }
};
