import {
  type ConnectionId,
  type CustomerId,
  parseConnectionId,
  parseCustomerId,
  parseTokenId,
  type TokenId,
} from "../connection/identifiers.ts";
import type { TokenContext } from "../connection/ports.ts";

/** How the secrets of one stage's tokens are named, and what they tell of themselves beside their value. */
export interface TokenSecrets {
  /** What each name begins with. */
  readonly namePrefix: string;
  readonly nameOf: (tokenId: TokenId) => string;
  /** The token that a secret is named after; undefined for a secret of another kind. */
  readonly tokenIdOf: (name: string) => TokenId | undefined;
  /**
   * What to ask Secrets Manager for: the ARN without its random ending. A name would do while the secret is there; once it
   * is gone, a role that is limited to ARNs is refused by a bare name, and could not tell that from a missing permission.
   *
   * @throws Error for a name that is no token's of this stage.
   */
  readonly arnOf: (name: string) => string;
}

/** Reads `arn:aws:secretsmanager:{region}:{account}:secret:perch/{stage}/`. @throws Error for anything else. */
export const tokenSecretsUnder = (arnPrefix: string): TokenSecrets => {
  const [, arnBase, namePrefix] = /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:)(.+\/)$/.exec(arnPrefix) ?? [];
  if (arnBase === undefined || namePrefix === undefined) throw new Error(`${arnPrefix} is no prefix of secrets' ARNs`);
  const tokenIdOf = (name: string) =>
    name.startsWith(namePrefix) ? parseTokenId(name.slice(namePrefix.length)) : undefined;
  return {
    namePrefix,
    nameOf: (tokenId) => `${namePrefix}${tokenId}`,
    tokenIdOf,
    arnOf: (name) => {
      if (tokenIdOf(name) === undefined) throw new Error("the secret is not one of this stage's tokens");
      return `${arnBase}${name}`;
    },
  };
};

/** A secret's description: the ids of the token item that is to name it, so that a sweep finds out whether one does. */
export const describeSecret = ({ customerId, connectionId }: TokenContext): string =>
  JSON.stringify({ customer_id: customerId, connection_id: connectionId });

/** The ids in a description; undefined if somebody has put other words there. */
export const parseDescription = (
  description: string | undefined,
): { readonly customerId: CustomerId; readonly connectionId: ConnectionId } | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(description ?? "");
  } catch {
    return undefined;
  }
  const { customer_id, connection_id } = Object(value);
  const customerId = typeof customer_id === "string" ? parseCustomerId(customer_id) : undefined;
  const connectionId = typeof connection_id === "string" ? parseConnectionId(connection_id) : undefined;
  return customerId === undefined || connectionId === undefined ? undefined : { customerId, connectionId };
};
