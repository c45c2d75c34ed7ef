import type { TokenVault } from "#shared/connection/ports.ts";
import { secret } from "#shared/secret.ts";

/** A vault whose secrets a test may count. */
export interface VaultOfSecrets extends TokenVault {
  /** The names of the secrets that it keeps. */
  readonly names: () => readonly string[];
}

/** A vault that keeps a secret beside the table for each token, until it is told to destroy it. */
export const createVaultOfSecrets = (): VaultOfSecrets => {
  const secrets = new Map<string, { readonly context: string; readonly text: string }>();
  return {
    names: () => [...secrets.keys()],

    async seal(accessToken, context, tokenId) {
      if (secrets.has(tokenId)) throw new Error("a secret's name is used again");
      secrets.set(tokenId, { context: JSON.stringify(context), text: accessToken.reveal() });
      return { secretName: tokenId };
    },
    async open(sealed, { customerId, connectionId }) {
      const kept = "secretName" in sealed ? secrets.get(sealed.secretName) : undefined;
      if (kept === undefined) throw new Error("there is no such secret (any more)");
      if (kept.context !== JSON.stringify({ customerId, connectionId })) throw new Error("it is another's");
      return secret(kept.text);
    },
    async destroy(sealed) {
      if ("secretName" in sealed) secrets.delete(sealed.secretName);
    },
  };
};
