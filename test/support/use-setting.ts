import { expect } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import { secret } from "#shared/secret.ts";
import { type OpenTokenDependencies, openToken, type TokenUse } from "#shared/use/open-token.ts";
import { aClaim, aConnection, aProfile, noon } from "./builders.ts";
import { createMemoryStores } from "./memory/stores.ts";
import { createMemorySurroundings } from "./memory/surroundings.ts";
import { createMemoryTokenVault } from "./memory/token-vault.ts";

/** A connection whose tokens are sealed, each with the text `token <id>`. */
export const createUseSetting = async (connection: Connection = aConnection()) => {
  const stores = createMemoryStores();
  const vault = createMemoryTokenVault();
  const { customerId, connectionId } = connection;
  await stores.customers.put(aProfile({ customerId }), { incarnation: "first", defaultMode: "multiple", now: noon });
  const put = async (next: Connection) => {
    const claim = aClaim(next);
    const { tokenId } = claim.token.record;
    const sealed = await vault.seal(secret(`token ${tokenId}`), next, tokenId);
    expect(await stores.connections.claim({ ...claim, token: { ...claim.token, sealed } })).toMatchObject({ ok: true });
    return next;
  };
  await put(connection);
  const use = (changes: Partial<TokenUse> = {}): TokenUse => ({
    customerId,
    connectionId,
    action: "token_handed_out",
    caller: "backend",
    reason: "a report",
    request: null,
    requestId: "request-1",
    wish: () => ({ products: ["company"], entityId: undefined }),
    ...changes,
  });
  const openWith = (changes: Partial<OpenTokenDependencies> = {}) =>
    openToken({ ...createMemorySurroundings(), ...stores, vault, ...changes });
  return { stores, vault, connection, use, openWith, put };
};
