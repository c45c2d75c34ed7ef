import type { Secret } from "../secret.ts";
import type { ConnectSession } from "./connect-session.ts";
import type { AuthenticationMethod, Entity } from "./connection.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";

/** What Finch gives for a code (`POST /auth/token`). */
export interface TokenGrant {
  readonly accessToken: Secret;
  readonly connectionId: ConnectionId;
  readonly entityIds: readonly string[];
  readonly clientType: string;
  readonly connectionType: string;
  readonly products: readonly string[];
  readonly providerId: string;
  /** The customer that Finch knows the connection by; null where it names none. */
  readonly customerId: string | null;
  readonly companyId: string | null;
}

/** Trouble between the platform and Finch, never the customer's: wrong client secret, unpaid, a request Finch refuses. */
export interface PlatformTrouble {
  readonly kind: "platform_trouble";
  readonly reason: string;
}

/** Nothing is known: no answer, one that cannot be read, or one that tells of no decision (429, 5xx). */
export interface Unanswered {
  readonly kind: "undecided";
  readonly reason: "timeout" | "unreachable" | "rate_limited" | "server_error" | "unreadable";
}

/** Nothing was sent: what may be sent to Finch is used up. */
export interface NotAsked {
  readonly kind: "undecided";
  readonly reason: "budget_used_up";
  /** At least 1. */
  readonly retryAfterSeconds: number;
}

export type Undecided = Unanswered | NotAsked;

/** Whether an answer is none because nothing was sent. */
export const isNotAsked = (answer: { readonly kind: string; readonly reason?: string }): answer is NotAsked =>
  answer.kind === "undecided" && answer.reason === "budget_used_up";

export type ExchangeAnswer =
  | { readonly kind: "granted"; readonly grant: TokenGrant }
  | { readonly kind: "invalid_grant" }
  | PlatformTrouble
  | Undecided;

/** What Finch says of a token (`GET /introspect`). */
export interface Introspection {
  readonly clientId: string | null;
  readonly connectionId: ConnectionId;
  readonly clientType: string;
  readonly connectionType: string;
  readonly providerId: string;
  readonly status: string;
  readonly lastSuccessfulSync: Date | null;
  readonly products: readonly string[];
  readonly authenticationMethods: readonly AuthenticationMethod[];
  readonly entities: readonly Entity[];
  readonly customerId: string | null;
  readonly companyId: string | null;
  readonly username: string | null;
}

export type IntrospectAnswer =
  | { readonly kind: "introspected"; readonly introspection: Introspection }
  | { readonly kind: "reauthenticate_user" }
  /** The employer has to finish something at the provider first. */
  | { readonly kind: "account_setup_required" }
  | { readonly kind: "invalid_token" }
  | PlatformTrouble
  | Undecided;

export interface NewFinchSession {
  readonly customerId: CustomerId;
  readonly customerName: string;
  readonly customerEmail: string | null;
  readonly products: readonly string[];
  readonly integration: ConnectSession["integration"];
  readonly minutesToExpire: number;
  /** Null in embedded mode. */
  readonly redirectUri: string | null;
  readonly sandbox: "finch" | "provider" | undefined;
}

export type NewSessionAnswer =
  | { readonly kind: "created"; readonly connectUrl: string; readonly finchSessionId: string }
  /** Finch refuses what the caller asked for, such as products that the application may not have. */
  | { readonly kind: "refused"; readonly message: string }
  | PlatformTrouble
  | Undecided;

/** A session that signs an existing connection in again (`POST /connect/sessions/reauthenticate`). */
export interface NewFinchReauthentication {
  readonly connectionId: ConnectionId;
  /** Null: as they are. */
  readonly products: readonly string[] | null;
  readonly minutesToExpire: number;
  readonly redirectUri: string | null;
}

export type DisconnectAnswer =
  | { readonly kind: "disconnected" }
  | { readonly kind: "invalid_token" }
  | PlatformTrouble
  | Undecided;

export type EntityDisconnectAnswer =
  | DisconnectAnswer
  /** The token's connection has no such entity (any more). */
  | { readonly kind: "unknown_entity" };

export interface Finch {
  readonly createSession: (session: NewFinchSession) => Promise<NewSessionAnswer>;
  readonly createReauthentication: (session: NewFinchReauthentication) => Promise<NewSessionAnswer>;
  /** The application's own id: an imported token must name it. */
  readonly clientId: () => Promise<string>;
  /** Ends a connection with all its tokens; irreversible. */
  readonly disconnect: (accessToken: Secret) => Promise<DisconnectAnswer>;
  /** Ends some entities of a token's connection; the token and its other entities live on. */
  readonly disconnectEntities: (accessToken: Secret, entityIds: readonly string[]) => Promise<EntityDisconnectAnswer>;
  /** Sends the code once. `timeoutMs` bounds the whole request: when it is over, no request is running any more. */
  readonly exchangeCode: (code: Secret, redirectUri: string | null, timeoutMs: number) => Promise<ExchangeAnswer>;
  readonly introspect: (accessToken: Secret) => Promise<IntrospectAnswer>;
}
