import type { DecidedAnswer } from "./ask-about-tokens.ts";
import type { Connection, TokenRecord } from "./connection.ts";
import type { TokenId } from "./identifiers.ts";
import { mostTokensAtOnce } from "./shed-tokens.ts";
import { supersededBy, withConnectionsIntrospection, withTokensIntrospection } from "./with-introspection.ts";

/** A connection as what Finch said of its tokens makes it; its version and when it is looked at next are left to the caller. */
export interface Judged {
  readonly connection: Connection;
  /** Tokens that newer ones make superfluous. The connection does not name them any more. */
  readonly superseded: readonly TokenId[];
  /** Every token that there was: Finch has called them all invalid for so long that none will open anything again. */
  readonly expired: readonly TokenId[];
}

/** How long Finch must have called all tokens invalid before they are given up. */
const patienceMs = 7 * 24 * 3_600_000;

/**
 * Judges a connection by what Finch said of its tokens. Pure. Each token's record takes what was said of it; the connection
 * follows the newest token that Finch accepts, and needs a new sign-in when there is none. A token that nothing was said of
 * stays as it was.
 */
export const judgeConnection = (
  connection: Connection,
  answers: ReadonlyMap<TokenId, DecidedAnswer>,
  now: Date,
): Judged => {
  // Oldest first, so that of an entity that two tokens open the newest one's word stays.
  const heard = connection.tokens.reduce((soFar, { tokenId }) => {
    const answer = answers.get(tokenId);
    return answer === undefined ? soFar : withAnswer(soFar, tokenId, answer, now);
  }, connection);
  const decisive = connection.tokens
    .toReversed()
    .map(({ tokenId }) => answers.get(tokenId))
    .find((answer) => answer !== undefined && answer.kind !== "invalid_token");
  if (decisive === undefined) return withoutValidToken(heard, answers, now);
  const seen =
    decisive.kind === "introspected"
      ? withConnectionsIntrospection(heard, decisive.introspection)
      : { ...heard, finchStatus: statusOf(decisive) };
  const superfluous = new Set(
    seen.tokens.flatMap(({ tokenId }) => (answers.has(tokenId) ? supersededBy(seen, tokenId) : [])),
  );
  const superseded = oldestOf(seen, (tokenId) => superfluous.has(tokenId));
  return { connection: withoutTokens(seen, superseded), superseded, expired: [] };
};

const withoutValidToken = (connection: Connection, answers: ReadonlyMap<TokenId, DecidedAnswer>, now: Date): Judged => {
  const isOver = connection.tokens.every(
    ({ tokenId, invalidSince }) =>
      answers.has(tokenId) && invalidSince !== null && now.getTime() - invalidSince.getTime() >= patienceMs,
  );
  const expired = oldestOf(connection, () => isOver);
  // Only a new sign-in helps.
  return { connection: { ...withoutTokens(connection, expired), finchStatus: "reauth" }, superseded: [], expired };
};

/** As many as go in one write; the next look takes the rest. */
const oldestOf = ({ tokens }: Connection, isMeant: (tokenId: TokenId) => boolean): TokenId[] =>
  tokens
    .map(({ tokenId }) => tokenId)
    .filter(isMeant)
    .slice(0, mostTokensAtOnce);

const withoutTokens = (connection: Connection, gone: readonly TokenId[]): Connection => ({
  ...connection,
  tokens: connection.tokens.filter(({ tokenId }) => !gone.includes(tokenId)),
});

const withAnswer = (connection: Connection, tokenId: TokenId, answer: DecidedAnswer, now: Date): Connection => {
  switch (answer.kind) {
    case "introspected":
      return withTokensIntrospection(connection, tokenId, answer.introspection);
    case "account_setup_required":
    case "reauthenticate_user":
      return withRecord(connection, tokenId, (record) => ({ ...record, status: statusOf(answer), invalidSince: null }));
    case "invalid_token":
      return withRecord(connection, tokenId, (record) => ({ ...record, invalidSince: record.invalidSince ?? now }));
  }
};

const statusOf = ({ kind }: { readonly kind: "account_setup_required" | "reauthenticate_user" }): string =>
  kind === "account_setup_required" ? "error_no_account_setup" : "reauth";

const withRecord = (
  connection: Connection,
  tokenId: TokenId,
  change: (record: TokenRecord) => TokenRecord,
): Connection => ({
  ...connection,
  tokens: connection.tokens.map((record) => (record.tokenId === tokenId ? change(record) : record)),
});
