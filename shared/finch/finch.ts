import type { Finch, NewFinchReauthentication, NewFinchSession, NewSessionAnswer } from "../connection/finch-port.ts";
import { type Secret, secret } from "../secret.ts";
import { isError, readFailure, readIntrospection, readTokenGrant } from "./answers.ts";
import type { SendToFinch } from "./request.ts";

/** The credentials of the platform's Finch application. */
export interface FinchCredentials {
  readonly clientId: string;
  readonly clientSecret: Secret;
}

export interface FinchDependencies {
  readonly send: SendToFinch;
  readonly credentials: () => Promise<FinchCredentials>;
}

/** Interactive calls: the gateway gives up on its function after 29 s. */
const interactiveTimeoutMs = 20_000;

/** Finch's API, as far as Perch uses it. Each call is sent once. */
export const createFinch = ({ send, credentials }: FinchDependencies): Finch => ({
  createSession: (session) =>
    openSession({ send, credentials }, "/connect/sessions", newSessionBody(session), [400, 422]),

  createReauthentication: (session) =>
    openSession(
      { send, credentials },
      "/connect/sessions/reauthenticate",
      reauthenticationBody(session),
      // 404: Finch has no such connection (any more).
      [400, 404, 422],
    ),

  clientId: async () => (await credentials()).clientId,

  disconnect: disconnectWith(send),

  disconnectEntities: disconnectEntitiesWith(send),

  async exchangeCode(code, redirectUri, timeoutMs) {
    const { clientId, clientSecret } = await credentials();
    const answer = await send({
      method: "POST",
      path: "/auth/token",
      body: {
        client_id: clientId,
        client_secret: clientSecret.reveal(),
        code: code.reveal(),
        ...(redirectUri !== null && { redirect_uri: redirectUri }),
      },
      timeoutMs,
    });
    if (answer.kind === "undecided") return answer;
    const grant = answer.status === 200 && answer.body && readTokenGrant(answer.body);
    if (grant) return { kind: "granted", grant };
    // The documented name, and the one that has been seen.
    if (answer.status === 400 && isError(answer.body, "invalid_grant_error", "invalid_grant")) {
      return { kind: "invalid_grant" };
    }
    return readFailure(answer);
  },

  introspect: introspectWith(send),
});

/** Asks Finch about a token. Needs the token only, so a function that just looks has no other credentials. */
export const introspectWith =
  (send: SendToFinch): Finch["introspect"] =>
  async (accessToken) => {
    const answer = await send({
      method: "GET",
      path: "/introspect",
      authorization: secret(`Bearer ${accessToken.reveal()}`),
      timeoutMs: interactiveTimeoutMs,
    });
    if (answer.kind === "undecided") return answer;
    const introspection = answer.status === 200 && answer.body && readIntrospection(answer.body);
    if (introspection) return { kind: "introspected", introspection };
    // Many situations are a 401; only these are about the connection.
    if (answer.status !== 401) return readFailure(answer);
    if (isError(answer.body, "reauthenticate_user")) return { kind: "reauthenticate_user" };
    if (isError(answer.body, "account_setup_required")) return { kind: "account_setup_required" };
    if (isError(answer.body, "invalid_token_error")) return { kind: "invalid_token" };
    return readFailure(answer);
  };

/** Ends the connection that a token belongs to. Needs the token only. */
export const disconnectWith =
  (send: SendToFinch): Finch["disconnect"] =>
  async (accessToken) => {
    const answer = await send({
      method: "POST",
      path: "/disconnect",
      authorization: secret(`Bearer ${accessToken.reveal()}`),
      timeoutMs: interactiveTimeoutMs,
    });
    if (answer.kind === "undecided") return answer;
    if (answer.status === 200) return { kind: "disconnected" };
    if (answer.status === 401 && isError(answer.body, "invalid_token_error")) return { kind: "invalid_token" };
    return readFailure(answer);
  };

/** Ends entities of the connection that a token belongs to. Needs the token only. */
export const disconnectEntitiesWith =
  (send: SendToFinch): Finch["disconnectEntities"] =>
  async (accessToken, entityIds) => {
    const answer = await send({
      method: "POST",
      path: "/disconnect-entity",
      authorization: secret(`Bearer ${accessToken.reveal()}`),
      body: { entity_ids: entityIds },
      timeoutMs: interactiveTimeoutMs,
    });
    if (answer.kind === "undecided") return answer;
    if (answer.status === 200) return { kind: "disconnected" };
    if (answer.status === 401 && isError(answer.body, "invalid_token_error")) return { kind: "invalid_token" };
    // Undocumented which of the two it is for an entity that is not the connection's.
    if (answer.status === 404 || (answer.status === 400 && isError(answer.body, "invalid_request", "bad_request"))) {
      return { kind: "unknown_entity" };
    }
    return readFailure(answer);
  };

const openSession = async (
  { send, credentials }: FinchDependencies,
  path: string,
  body: Readonly<Record<string, unknown>>,
  refusals: readonly number[],
): Promise<NewSessionAnswer> => {
  const { clientId, clientSecret } = await credentials();
  const authorization = basic(clientId, clientSecret);
  const answer = await send({ method: "POST", path, authorization, body, timeoutMs: interactiveTimeoutMs });
  if (answer.kind === "undecided") return answer;
  const { connect_url: connectUrl, session_id: finchSessionId, message } = answer.body ?? {};
  if (answer.status === 201 && typeof connectUrl === "string" && URL.canParse(connectUrl)) {
    return { kind: "created", connectUrl, finchSessionId: typeof finchSessionId === "string" ? finchSessionId : "" };
  }
  if (refusals.includes(answer.status)) {
    return { kind: "refused", message: typeof message === "string" ? message.slice(0, 300) : "no reason given" };
  }
  return readFailure(answer);
};

const basic = (clientId: string, clientSecret: Secret): Secret =>
  secret(`Basic ${Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString("base64")}`);

const newSessionBody = (session: NewFinchSession) => ({
  customer_id: session.customerId,
  customer_name: session.customerName,
  ...(session.customerEmail !== null && { customer_email: session.customerEmail }),
  products: session.products,
  ...(session.redirectUri !== null && { redirect_uri: session.redirectUri }),
  minutes_to_expire: session.minutesToExpire,
  ...(session.sandbox !== undefined && { sandbox: session.sandbox }),
  ...(session.integration !== null && {
    integration: {
      provider: session.integration.provider,
      ...(session.integration.authMethod !== null && { auth_method: session.integration.authMethod }),
    },
  }),
});

const reauthenticationBody = (session: NewFinchReauthentication) => ({
  connection_id: session.connectionId,
  ...(session.products !== null && { products: session.products }),
  minutes_to_expire: session.minutesToExpire,
  ...(session.redirectUri !== null && { redirect_uri: session.redirectUri }),
});
