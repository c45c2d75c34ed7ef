import type { CustomerId, TokenId } from "./identifiers.ts";
import type { Sealed, TokenVault } from "./ports.ts";

/** A token that was sealed to be claimed. */
export interface Seal {
  readonly customerId: CustomerId;
  readonly tokenId: TokenId;
  readonly sealed: Sealed;
  /** How many of its claims have brought no answer: any of them may have stored it, or may do so yet. */
  unanswered: number;
}

/**
 * Destroys what no item names: all of its claims were refused, and it is not the one that was kept. What may have been
 * stored by a claim whose answer was lost stays, and so does what cannot be destroyed now: the daily sweep finds out.
 */
export const destroyUnnamed = async (
  vault: Pick<TokenVault, "destroy">,
  seals: readonly Seal[],
  kept: TokenId | undefined,
): Promise<void> => {
  const unnamed = seals.filter(({ tokenId, unanswered }) => unanswered === 0 && tokenId !== kept);
  await Promise.allSettled(unnamed.map(({ sealed }) => vault.destroy(sealed)));
};
