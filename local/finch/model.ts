/**
 * What the simulated Finch knows. Everything here can be written to a file and read back; secrets of the platform
 * cannot, because codes and access tokens are kept as SHA-256 hashes only, and client and webhook secrets not at all.
 */
import { createHash } from "node:crypto";
import type { EntityData } from "./entity-data.ts";
import type { AuthMethod } from "./providers.ts";
import { type CompanySettings, defaultSettings, type EntityMode, type Settings } from "./settings.ts";
import type { WebhookDelivery, WebhookEvent } from "./webhook-delivery.ts";

/** Finch's environments. */
export const clientTypes = ["production", "development", "sandbox"] as const;

/** One of Finch's environments. */
export type ClientType = (typeof clientTypes)[number];

/** An application on Finch's dashboard. */
export type Application = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  readonly clientType: ClientType;
};

/** The platform's customer, as a Connect session names it; all null where no session made the connection. */
export type Customer = { readonly id: string | null; readonly name: string | null; readonly email: string | null };

/** A Connect session. It stays usable for several runs until it expires; each run yields a code of its own. */
export type Session = {
  readonly id: string;
  readonly clientId: string;
  readonly customer: Customer;
  readonly products: readonly string[];
  /** Null when the platform embeds Connect in its own page. */
  readonly redirectUri: string | null;
  readonly expiresAtMs: number;
  /** Null when the person may choose. */
  readonly provider: string | null;
  readonly authMethod: AuthMethod | null;
  /** `finch` means data that Finch made up. */
  readonly connectionType: "provider" | "finch";
  /** The connection that a reauthentication keeps; null in an ordinary session. */
  readonly connectionId: string | null;
};

/** An authorization code: ten minutes, one use, bound to the client and redirect URI of its session. */
export type AuthorizationCode = {
  readonly hash: string;
  readonly clientId: string;
  readonly redirectUri: string | null;
  readonly connectionId: string;
  readonly products: readonly string[];
  /** What the token will be able to read; an entity that is removed until then is left out. */
  readonly entityIds: readonly string[];
  readonly expiresAtMs: number;
};

/** Who signed in, where and how. The password or API token is not kept. */
export type Login = {
  readonly providerId: string;
  readonly company: string;
  /** Tells people at one company apart; an alias of a username means the same person. */
  readonly account: string;
  /** As typed; null when an API token was given. */
  readonly username: string | null;
  readonly authMethod: AuthMethod;
  /** How many people there are to be at what is connected; undefined leaves it as it is. */
  readonly people?: number | undefined;
};

/** A sign-in that waits for one more page. */
export type PendingSignIn = {
  readonly id: string;
  readonly sessionId: string;
  readonly login: Login;
  readonly waitsFor: "mfa_code" | "entities";
  readonly expiresAtMs: number;
};

/** Finch's words for the state of a connection. */
export const connectionStatuses = [
  "pending",
  "processing",
  "connected",
  "error_no_account_setup",
  "error_permissions",
  "reauth",
] as const;

/** Finch's words for the state of an entity; a connection never says `disconnected`, for no token is left to ask with. */
export const entityStatuses = [...connectionStatuses, "disconnected"] as const;

/** The state of a connection or an entity. */
export type ConnectionStatus = (typeof entityStatuses)[number];

/** An employer grouping inside a connection. */
export type Entity = {
  readonly id: string;
  readonly name: string | null;
  readonly sourceId: string | null;
  status: ConnectionStatus;
  /** What the employer holds, where it was set. */
  data?: EntityData;
};

/** What one sign-in at a provider made. */
export type Connection = {
  readonly id: string;
  /** Finch's deprecated id, unlike the connection's so that nobody can mistake one for the other. */
  readonly accountId: string;
  readonly clientId: string;
  readonly providerId: string;
  readonly companyId: string;
  readonly companyName: string;
  readonly connectionType: "provider" | "finch";
  /** Whether it may hold several entities, or was made for one of several. */
  readonly entityMode: EntityMode;
  /** The customer of the session that made the connection. */
  creator: Customer;
  /** The customer of the session that signed in last. */
  latest: Customer;
  /** Who signed in last; null when it was by an API token. */
  username: string | null;
  /** Every account that leads to this connection. */
  readonly accounts: string[];
  authMethod: AuthMethod;
  status: ConnectionStatus;
  entities: Entity[];
  /** What the last sign-in was granted. */
  products: readonly string[];
};

/** An access token. Several may belong to one connection, each with its own products. */
export type AccessToken = {
  readonly hash: string;
  readonly id: string;
  readonly clientId: string;
  readonly clientType: ClientType;
  readonly connectionId: string;
  readonly products: readonly string[];
  readonly entityIds: readonly string[];
  readonly createdAtMs: number;
};

/** Work on a connection's data; how far it is follows from the time. */
export type Job = {
  readonly id: string;
  readonly kind: "automated" | "manual";
  readonly connectionId: string;
  readonly createdAtMs: number;
};

/** Everything that survives a restart. */
export type FinchState = {
  clockOffsetMs: number;
  settings: Settings;
  readonly companySettings: Map<string, Partial<CompanySettings>>;
  readonly sessions: Map<string, Session>;
  readonly pendingSignIns: Map<string, PendingSignIn>;
  readonly codes: Map<string, AuthorizationCode>;
  readonly connections: Map<string, Connection>;
  readonly tokens: Map<string, AccessToken>;
  readonly jobs: Map<string, Job>;
  /** The webhooks' log, those included that are still to be sent; the oldest first. */
  readonly deliveries: Map<string, WebhookDelivery>;
};

/** The state and what its rules depend on; the routes share one. */
export type Simulation = {
  readonly state: FinchState;
  readonly applications: readonly Application[];
  readonly now: () => Date;
  readonly randomId: () => string;
  readonly publicUrl: () => string;
  /** Has a webhook sent, after the change that it tells of is saved. */
  readonly emit: (event: WebhookEvent) => void;
  /** Writes the state to its file, if it has one. Called after each change and before the answer. */
  readonly save: () => void;
};

/** A Finch that has met nobody yet. */
export const emptyState = (): FinchState => ({
  clockOffsetMs: 0,
  settings: { ...defaultSettings },
  companySettings: new Map(),
  sessions: new Map(),
  pendingSignIns: new Map(),
  codes: new Map(),
  connections: new Map(),
  tokens: new Map(),
  jobs: new Map(),
  deliveries: new Map(),
});

/** The hash under which a code or an access token is kept, in hex. */
export const sha256 = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** Whether a session can no longer be opened. */
export const isExpired = ({ expiresAtMs }: { readonly expiresAtMs: number }, now: Date): boolean =>
  now.getTime() >= expiresAtMs;
