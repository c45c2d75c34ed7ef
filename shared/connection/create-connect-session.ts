import { ok, type Result, refuse } from "../result.ts";
import { type Actor, entriesOf } from "./audit.ts";
import { createCapability } from "./capability.ts";
import { type ConnectSession, holderHash } from "./connect-session.ts";
import type { Customer } from "./customer.ts";
import type { Finch, NewFinchSession, NewSessionAnswer } from "./finch-port.ts";
import type { ConnectionId, CustomerId, PageSessionId, SessionId } from "./identifiers.ts";
import type { Surroundings } from "./ports.ts";
import type { ConnectionStore, CustomerStore, SessionStore } from "./store-ports.ts";

export interface CreateConnectSessionDependencies extends Surroundings {
  readonly customers: Pick<CustomerStore, "find">;
  readonly sessions: Pick<SessionStore, "create">;
  readonly finch: Pick<Finch, "createSession">;
  /** Where browsers reach this deployment. */
  readonly publicUrl: string;
  readonly redirectUri: string;
  readonly returnOrigins: readonly string[];
}

/** What every kind of session is asked for with. */
interface SessionRequest {
  readonly customerId: CustomerId;
  readonly mode: ConnectSession["mode"];
  readonly returnUrl: string | null;
  readonly minutesToExpire: number;
  readonly by?: Actor;
  /** The session of the connections page that asks, to which an embedded one's `state` is bound; else the backend asks. */
  readonly pageSession?: PageSessionId;
}

/** What the platform asks for. */
export interface ConnectSessionRequest extends SessionRequest {
  readonly products: readonly string[];
  readonly integration: ConnectSession["integration"];
  readonly requireAcceptance: boolean;
  readonly sandbox: NewFinchSession["sandbox"];
}

/** The same for a connection that is to be signed in again. */
export interface ReauthenticateSessionRequest extends SessionRequest {
  readonly connectionId: ConnectionId;
  /** Null: as they are. */
  readonly products: readonly string[] | null;
}

export type CreateSessionRefusal =
  | { readonly reason: "customer_unknown" }
  | { readonly reason: "customer_deleting" }
  | { readonly reason: "connection_unknown" }
  | { readonly reason: "return_url_not_allowed"; readonly origins: readonly string[] }
  | { readonly reason: "connection_limit" }
  | { readonly reason: "connection_disconnecting" }
  | { readonly reason: "finch"; readonly answer: Exclude<NewSessionAnswer, { kind: "created" }> };

/** A session with what only its maker learns: the link, or (embedded) what Finch's own SDK is opened with. */
export interface CreatedSession {
  readonly session: ConnectSession;
  readonly connectUrl: string | null;
  readonly embedded: { readonly finchSessionId: string; readonly state: string } | null;
}

/** Creates the use case: a Connect session at Finch, remembered here, and the one way that leads to it. */
export const createConnectSession =
  (deps: CreateConnectSessionDependencies) =>
  async (request: ConnectSessionRequest): Promise<Result<CreatedSession, CreateSessionRefusal>> => {
    const { customerId, returnUrl } = request;
    if (!isAllowedReturn(returnUrl, deps.returnOrigins)) {
      return refuse({ reason: "return_url_not_allowed", origins: deps.returnOrigins });
    }
    const customer = await deps.customers.find(customerId);
    if (customer === undefined) return refuse({ reason: "customer_unknown" });
    // Courtesies: the conditions of the session's write and of the claim are what keeps a customer that is being deleted
    // from a new session, and one of mode `single` at one connection.
    if (customer.deletion !== null) return refuse({ reason: "customer_deleting" });
    if (customer.mode === "single" && customer.connectionCount > 0) return refuse({ reason: "connection_limit" });
    const answer = await deps.finch.createSession({
      customerId,
      customerName: customer.name,
      customerEmail: customer.email,
      products: request.products,
      integration: request.integration,
      minutesToExpire: request.minutesToExpire,
      redirectUri: request.mode === "redirect" ? deps.redirectUri : null,
      sandbox: request.sandbox,
    });
    if (answer.kind !== "created") return refuse({ reason: "finch", answer });
    const { products, integration, requireAcceptance } = request;
    const about = { products, integration, requireAcceptance, reauthenticates: null };
    return remember(deps, request, customer, about, answer);
  };

export interface CreateReauthenticateSessionDependencies extends Omit<CreateConnectSessionDependencies, "finch"> {
  readonly connections: Pick<ConnectionStore, "find">;
  readonly finch: Pick<Finch, "createReauthentication">;
}

/** Creates the use case: a session in which the customer signs one connection in again, and keeps it. */
export const createReauthenticateSession =
  (deps: CreateReauthenticateSessionDependencies) =>
  async (request: ReauthenticateSessionRequest): Promise<Result<CreatedSession, CreateSessionRefusal>> => {
    const { customerId, connectionId, returnUrl, products, minutesToExpire } = request;
    if (!isAllowedReturn(returnUrl, deps.returnOrigins)) {
      return refuse({ reason: "return_url_not_allowed", origins: deps.returnOrigins });
    }
    const [customer, connection] = await Promise.all([
      deps.customers.find(customerId),
      deps.connections.find(customerId, connectionId),
    ]);
    if (customer === undefined) return refuse({ reason: "customer_unknown" });
    if (customer.deletion !== null) return refuse({ reason: "customer_deleting" });
    if (connection === undefined) return refuse({ reason: "connection_unknown" });
    if (connection.disconnect !== null) return refuse({ reason: "connection_disconnecting" });
    const redirectUri = request.mode === "redirect" ? deps.redirectUri : null;
    const answer = await deps.finch.createReauthentication({ connectionId, products, minutesToExpire, redirectUri });
    if (answer.kind !== "created") return refuse({ reason: "finch", answer });
    const about = {
      products: products ?? [],
      integration: { provider: connection.providerId, authMethod: null },
      requireAcceptance: false,
      reauthenticates: connectionId,
    };
    return remember(deps, request, customer, about, answer);
  };

/** The exact origin, as the URL standard reads it: what a browser would go to, not what the text looks like. */
export const isAllowedReturn = (returnUrl: string | null, origins: readonly string[]): boolean =>
  returnUrl === null || origins.includes(URL.parse(returnUrl)?.origin ?? "");

const remember = async (
  deps: Pick<CreateConnectSessionDependencies, "now" | "newId" | "randomBytes" | "sessions" | "publicUrl">,
  { mode, returnUrl, minutesToExpire, pageSession, by }: SessionRequest,
  { customerId, incarnation }: Customer,
  about: Pick<ConnectSession, "products" | "integration" | "requireAcceptance" | "reauthenticates">,
  { connectUrl, finchSessionId }: Extract<NewSessionAnswer, { kind: "created" }>,
): Promise<Result<CreatedSession, CreateSessionRefusal>> => {
  const now = deps.now();
  const ticket = createCapability(deps.newId() as SessionId, deps.randomBytes(32));
  const { sessionId } = ticket;
  // Embedded, there is no link to open: the one opening belongs to whoever speaks for the customer.
  const holder = pageSession === undefined ? { embeddedFor: customerId } : { pageSession };
  const state = mode === "embedded" ? createCapability(sessionId, deps.randomBytes(32)) : undefined;
  const openings =
    state === undefined ? [] : [{ stateHash: state.hash, holderHash: holderHash(holder), openedAt: now }];
  const session: ConnectSession = {
    ...about,
    sessionId,
    customerId,
    incarnation,
    mode,
    returnUrl,
    status: "open",
    ticketHash: ticket.hash,
    finchConnectUrl: connectUrl,
    openings,
    exchange: null,
    outcome: null,
    failureReason: null,
    connectionId: null,
    tokenId: null,
    createdAt: now,
    expiresAt: new Date(now.getTime() + minutesToExpire * 60_000),
    endedAt: null,
    version: 1,
  };
  const { products, reauthenticates } = about;
  const entries = entriesOf(deps, by, {
    ...{ customerId, sessionId, products, connectionId: reauthenticates, at: now },
    action: reauthenticates === null ? "connect_session_created" : "reauthenticate_session_created",
  });
  const stored = await deps.sessions.create(session, entries);
  // Nobody has the link: the session at Finch ends by itself.
  if (!stored.ok) return refuse({ reason: stored.refusal });
  return ok({
    session,
    connectUrl: mode === "redirect" ? `${deps.publicUrl}/connect/${ticket.text}` : null,
    embedded: state === undefined ? null : { finchSessionId, state: state.text },
  });
};
