import type { Secret } from "../secret.ts";
import type { TokenRecord } from "./connection.ts";
import type { ConnectionId, CustomerId, TokenId } from "./identifiers.ts";

/** Time and chance, so that a test decides both. */
export interface Surroundings {
  readonly now: () => Date;
  readonly randomBytes: (length: number) => Uint8Array;
  /** A UUID that sorts by time (RFC 9562 version 7). */
  readonly newId: () => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** A sealed token: the ciphertext itself, or the name of the secret that holds it. */
export type Sealed = { readonly ciphertext: Uint8Array } | { readonly secretName: string };

/** A sealed token with what is not secret of it. */
export interface SealedToken {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
  readonly record: TokenRecord;
  readonly sealed: Sealed;
}

/** What a ciphertext is bound to: it opens for this customer and this connection only. */
export interface TokenContext {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
}

export interface TokenVault {
  /** Seals a token for its customer and connection. What is made is named after the token's id, once. */
  readonly seal: (accessToken: Secret, context: TokenContext, tokenId: TokenId) => Promise<Sealed>;
  /** @throws if it was sealed under another context or has been altered. */
  readonly open: (sealed: Sealed, context: TokenContext) => Promise<Secret>;
  /**
   * Destroys what the table does not hold itself, once no item names it any more: after a confirmed disconnect, a discard
   * or a supersession, or when every claim of it was refused. Safe to repeat.
   */
  readonly destroy: (sealed: Sealed) => Promise<void>;
}
