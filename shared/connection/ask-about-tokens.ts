import type { Secret } from "../secret.ts";
import type { Connection } from "./connection.ts";
import type { Finch, IntrospectAnswer, PlatformTrouble, Undecided } from "./finch-port.ts";
import type { TokenId } from "./identifiers.ts";
import type { SealedToken, TokenVault } from "./ports.ts";
import type { ConnectionStore } from "./store-ports.ts";

export interface AskDependencies {
  readonly connections: Pick<ConnectionStore, "findToken">;
  readonly vault: Pick<TokenVault, "open">;
  readonly finch: Pick<Finch, "introspect">;
}

/** What Finch says of a token where it decides something. */
export type DecidedAnswer = Exclude<IntrospectAnswer, PlatformTrouble | Undecided>;

/** How asking about one token went. */
type Asked =
  | { readonly kind: "answered"; readonly answer: IntrospectAnswer; readonly token: SealedToken }
  /** Its item is not there (any more): superseded since the connection was read, or lost. */
  | { readonly kind: "missing" }
  | { readonly kind: "unopened"; readonly error: unknown; readonly token: SealedToken };

/** What a connection's tokens bring to light. `calls` is how often Finch was asked. */
export type Heard = { readonly calls: number } & (
  | {
      readonly kind: "decided";
      /** Of older tokens some may be missing: those were not to be had, or Finch did not say. */
      readonly answers: ReadonlyMap<TokenId, DecidedAnswer>;
      /** All whose items are there. */
      readonly tokens: readonly SealedToken[];
    }
  | { readonly kind: "undecided"; readonly answer: PlatformTrouble | Undecided }
  /** No token's item is there. */
  | { readonly kind: "nothing" }
  /** A token was superseded while this looked. */
  | { readonly kind: "overtaken" }
);

/** So many at a time; a connection mostly has one or two. */
const atOnce = 5;

/**
 * Asks Finch about all tokens of a connection, the newest first. The newest that Finch accepts decides, so that what stands
 * above it must have been said, while an older token that Finch says nothing of is left as it was. `toleratesMissing` goes
 * on without the tokens whose items are missing.
 *
 * @throws what the vault throws for a token above the one that decides, whose item is still there.
 */
export const askAboutTokens = async (
  deps: AskDependencies,
  connection: Connection,
  toleratesMissing: boolean,
): Promise<Heard> => {
  const asked = new Map<TokenId, Asked>();
  const newestFirst = connection.tokens.toReversed().map(({ tokenId }) => tokenId);
  for (let first = 0; first < newestFirst.length; first += atOnce) {
    const some = newestFirst.slice(first, first + atOnce);
    const results = await Promise.all(
      some.map(async (tokenId) => [tokenId, await ask(deps, connection, tokenId)] as const),
    );
    for (const [tokenId, each] of results) asked.set(tokenId, each);
    // The platform's trouble is nobody's in particular: the other tokens would only hear the same.
    if (results.some(([, each]) => each.kind === "answered" && each.answer.kind === "platform_trouble")) break;
  }
  return weigh(newestFirst, asked, toleratesMissing);
};

const weigh = (
  newestFirst: readonly TokenId[],
  asked: ReadonlyMap<TokenId, Asked>,
  toleratesMissing: boolean,
): Heard => {
  const results = [...asked.values()];
  const calls = results.filter(({ kind }) => kind === "answered").length;
  if (!toleratesMissing && results.some(({ kind }) => kind === "missing")) return { kind: "overtaken", calls };
  const answers = new Map<TokenId, DecidedAnswer>();
  const tokens: SealedToken[] = [];
  let isDecided = false;
  for (const tokenId of newestFirst) {
    const each = asked.get(tokenId);
    if (each === undefined || each.kind === "missing") continue;
    tokens.push(each.token);
    if (each.kind === "unopened") {
      if (!isDecided) throw each.error;
      continue;
    }
    const { answer } = each;
    if (answer.kind === "platform_trouble") return { kind: "undecided", answer, calls };
    if (answer.kind === "undecided") {
      if (!isDecided) return { kind: "undecided", answer, calls };
      continue;
    }
    answers.set(tokenId, answer);
    isDecided ||= answer.kind !== "invalid_token";
  }
  return answers.size === 0 ? { kind: "nothing", calls } : { kind: "decided", answers, tokens, calls };
};

const ask = async (
  { connections, vault, finch }: AskDependencies,
  { customerId, connectionId }: Connection,
  tokenId: TokenId,
): Promise<Asked> => {
  const token = await connections.findToken(customerId, connectionId, tokenId);
  if (token === undefined) return { kind: "missing" };
  let accessToken: Secret;
  try {
    accessToken = await vault.open(token.sealed, { customerId, connectionId });
  } catch (error) {
    // Superseded since it was read, and destroyed: then there is nothing to open.
    const isThere = (await connections.findToken(customerId, connectionId, tokenId)) !== undefined;
    return isThere ? { kind: "unopened", error, token } : { kind: "missing" };
  }
  return { kind: "answered", answer: await finch.introspect(accessToken), token };
};
