import type { NudgeChecks } from "../connection/check-request.ts";
import type { Connection } from "../connection/connection.ts";
import type { Undecided } from "../connection/finch-port.ts";
import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import { ok, type Result, refuse } from "../result.ts";
import type { Secret } from "../secret.ts";
import { chooseToken, type TokenWish } from "./choose-token.ts";
import { type ForwardRule, isAboutEntity, productOf, readForwardPath } from "./forward-rules.ts";
import { type OpenTokenDependencies, type OpenTokenRefusal, openToken } from "./open-token.ts";

/** A request to be made at Finch with a connection's token. */
export interface FinchRequest {
  readonly method: string;
  /** Encoded, with a slash before it. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; those that may be passed on. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What Finch answered, as it came. */
export interface FinchReply {
  readonly kind: "reply";
  readonly status: number;
  /** Names in lower case; those that may be passed on. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Finch says that the customer must sign in again (401 `reauthenticate_user`). */
  readonly needsCustomer: boolean;
}

export type ForwardAnswer =
  | FinchReply
  | Undecided
  /** More than may be passed on; the rest was not read. */
  | { readonly kind: "too_large" }
  /** Finch sends the caller elsewhere, which nobody follows with a token. */
  | { readonly kind: "redirect" };

/** Sends a request once, until a moment at the latest. Never throws for what the network does. */
export type ForwardToFinch = (request: FinchRequest, accessToken: Secret, deadline: Date) => Promise<ForwardAnswer>;

export interface ForwardRequestDependencies extends OpenTokenDependencies {
  readonly forward: ForwardToFinch;
  readonly nudgeChecks: NudgeChecks;
  /** What the stage lets through beside the usual. */
  readonly rules: readonly ForwardRule[];
}

/** Who asks for what. */
export interface ForwardRequest extends Omit<FinchRequest, "path"> {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
  /** Below the connection's `/finch/`, decoded. */
  readonly path: string;
  readonly caller: string;
  readonly requestId: string;
  readonly deadline: Date;
}

export type ForwardRefusal = { readonly reason: "not_forwarded" } | OpenTokenRefusal;

const entityParameter = "entity_ids[]";

/**
 * Creates the use case: makes a request of the platform's at Finch with a token of the connection, the one that opens the
 * least beside what the request is for, and gives Finch's answer as it came. A 401 that asks for the customer also sets off
 * a look, before the answer is given.
 *
 * @throws what `openToken` throws, and what keeps the look from being asked for.
 */
export const forwardRequest =
  (deps: ForwardRequestDependencies) =>
  async (request: ForwardRequest): Promise<Result<ForwardAnswer, ForwardRefusal>> => {
    const { customerId, connectionId, method, caller, requestId, deadline } = request;
    const path = readForwardPath(method, request.path, deps.rules);
    if (path === undefined) return refuse({ reason: "not_forwarded" });
    const opened = await openToken(deps)({
      customerId,
      connectionId,
      action: "request_forwarded",
      ...{ caller, requestId, reason: null, request: { method, path } },
      wish: (connection) => wishFor(connection, path, request.query),
    });
    if (!opened.ok) return opened;
    const { accessToken, connection } = opened.value;
    const query = withEntity(request.query, path, connection);
    const { headers, body } = request;
    const answer = await deps.forward({ method, path, query, headers, body }, accessToken, deadline);
    if (answer.kind === "reply" && answer.needsCustomer) {
      await deps.nudgeChecks([{ customerId, connectionId, reason: "call", askedAt: deps.now() }]);
    }
    return ok(answer);
  };

/** What Finch knows better (a product that is not granted, an entity that it may have) is left to Finch's own answer. */
const wishFor = (connection: Connection, path: string, query: URLSearchParams): TokenWish => {
  const product = productOf(path);
  const named = query.getAll(entityParameter);
  const entityId = named.length === 1 && isAboutEntity(path) ? named[0] : undefined;
  const wishes: readonly TokenWish[] = [
    { products: product === undefined ? [] : [product], entityId },
    { products: [], entityId },
    { products: [], entityId: undefined },
  ];
  const isFinchs = (wish: TokenWish): boolean => {
    const choice = chooseToken(connection, wish);
    return "refusal" in choice && ["product_not_granted", "entity_unknown"].includes(choice.refusal.reason);
  };
  return wishes.find((wish) => !isFinchs(wish)) ?? { products: [], entityId: undefined };
};

/** Finch wants to be told the entity in each read; where the connection has just one, that one is meant. */
const withEntity = (query: URLSearchParams, path: string, { entities }: Connection): URLSearchParams => {
  const isNamed = query.has(entityParameter) || query.has("entity_ids");
  const [only, ...others] = entities.filter(({ status }) => status !== "disconnected");
  if (!isAboutEntity(path) || isNamed || only === undefined || others.length > 0) return query;
  const told = new URLSearchParams(query);
  told.append(entityParameter, only.id);
  return told;
};
