/** What a roster's reads open: the connection's tokens, and the key of SSN marks. */
import type { Connection } from "../connection/connection.ts";
import type { TokenId } from "../connection/identifiers.ts";
import type { TokenVault } from "../connection/ports.ts";
import type { ConnectionStore } from "../connection/store-ports.ts";
import { createSsnMarker } from "../employee/normalise/ssn-mark.ts";
import type { Secret } from "../secret.ts";
import type { DataKeys } from "./ports.ts";
import type { Roster } from "./roster.ts";

export interface TokenDependencies {
  readonly connections: Pick<ConnectionStore, "findToken">;
  readonly vault: Pick<TokenVault, "open">;
}

/** SSNs are told apart by marks under the run's key; the number itself ends here. */
export const openMarker = async (
  { dataKeys }: { readonly dataKeys: Pick<DataKeys, "open"> },
  roster: Roster,
): Promise<ReturnType<typeof createSsnMarker> | undefined> => {
  if (roster.ssnKey === null) return undefined;
  const key = await dataKeys.open(roster.ssnKey, roster);
  return createSsnMarker(key.subarray(0, 16));
};

/** Opens a connection's tokens, each once; undefined for one that is no longer there. */
export const openEachOnce = (
  { connections, vault }: TokenDependencies,
  connection: Connection,
): ((tokenId: TokenId) => Promise<Secret | undefined>) => {
  const opened = new Map<TokenId, Promise<Secret | undefined>>();
  const open = async (tokenId: TokenId): Promise<Secret | undefined> => {
    const found = await connections.findToken(connection.customerId, connection.connectionId, tokenId);
    return found && vault.open(found.sealed, connection);
  };
  return (tokenId) => {
    const known = opened.get(tokenId) ?? open(tokenId);
    opened.set(tokenId, known);
    return known;
  };
};
