import type { Connection } from "./connection.ts";
import type { TokenVault } from "./ports.ts";
import type { ConnectionStore } from "./store-ports.ts";

/** How many tokens go in one write: a DynamoDB transaction takes 100 actions, and some are about other items. */
export const mostTokensAtOnce = 80;

export interface ShedTokensDependencies {
  readonly connections: Pick<ConnectionStore, "findToken" | "replace">;
  readonly vault: Pick<TokenVault, "destroy">;
}

/**
 * Takes the oldest tokens from a connection that is about to be removed, until the rest go in one write with it. Whoever
 * dies in between leaves a connection with fewer tokens, from which the next one goes on.
 *
 * @returns the connection as it is then; undefined if somebody else changed it meanwhile.
 */
export const shedTokens = async (
  { connections, vault }: ShedTokensDependencies,
  connection: Connection,
): Promise<Connection | undefined> => {
  const { customerId, connectionId } = connection;
  let left = connection;
  while (left.tokens.length > mostTokensAtOnce) {
    const going = left.tokens.slice(0, mostTokensAtOnce).map(({ tokenId }) => tokenId);
    const found = await Promise.all(going.map((tokenId) => connections.findToken(customerId, connectionId, tokenId)));
    const next = withoutOldest(left, going.length);
    if (!(await connections.replace(next, [], going))) return undefined;
    for (const token of found) if (token !== undefined) await vault.destroy(token.sealed);
    left = next;
  }
  return left;
};

/** Its entities stay the union over its tokens. */
const withoutOldest = (connection: Connection, count: number): Connection => {
  const tokens = connection.tokens.slice(count);
  const opened = new Set(tokens.flatMap(({ entityIds }) => entityIds));
  return {
    ...connection,
    tokens,
    entities: connection.entities.filter(({ id }) => opened.has(id)),
    version: connection.version + 1,
  };
};
