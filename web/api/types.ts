import type { Connection } from "../model/connection.ts";

/** A page session: who holds its cookie may see and change one customer's connections until it ends. */
export interface PageSession {
  readonly id: string;
  /** When it ends unless it is used before. */
  readonly idleEndsAt: Date;
  /** When it ends in any case. */
  readonly endsAt: Date;
  readonly idleMinutes: number;
  /** Where the platform wants its customer back; https, or http on localhost. */
  readonly returnUrl: string | null;
}

/** Some of the connections, and how to ask for the next of them. */
export interface Page {
  readonly connections: readonly Connection[];
  readonly nextCursor: string | null;
}

/** What is about the customer, beside its connections. */
export interface About {
  readonly customerName: string;
  /** Whether the customer can have no more than one connection. */
  readonly single: boolean;
  /** How many connections there are in all. */
  readonly count: number;
  readonly session: PageSession;
}

/** What leads to Finch Connect. */
export type ConnectStart =
  | { readonly mode: "redirect"; readonly sessionId: string; readonly connectUrl: string }
  | { readonly mode: "embedded"; readonly sessionId: string; readonly finchSessionId: string; readonly state: string };

/** How a Connect session stands, in the API's own words. */
export interface ConnectEnd {
  readonly status: string;
  readonly outcome: string | null;
  readonly failureReason: string | null;
  readonly connectionId: string | null;
  /** The connection that was to be signed in again. */
  readonly reauthenticates: string | null;
}

/** What would fall with a connection. */
export interface Preview {
  readonly companies: readonly { readonly id: string; readonly name: string | null }[];
  /** How many sign-ins would stop. */
  readonly signIns: number;
  /** Other connections of the customer that Finch may end as well. */
  readonly siblings: readonly string[];
  /** Which version of the connection it is about. */
  readonly version: number;
}

/** What the page asks of Perch. Each rejects with {@link import("./page-api.ts").CallFailed}. */
export interface PageApi {
  /** Spends the link's secret for a session. */
  readonly openLink: (secret: string) => Promise<PageSession>;
  /** Everything that the first view shows. */
  readonly view: () => Promise<About & Page>;
  readonly more: (cursor: string) => Promise<Page>;
  /** Starts Connect for a new connection, straight at a provider if one is given. */
  readonly connect: (providerId: string | null) => Promise<ConnectStart>;
  /** Starts Connect for a connection that is there. */
  readonly reconnect: (connectionId: string) => Promise<ConnectStart>;
  /** Hands in what came out of an embedded Connect. */
  readonly finish: (authorizationCode: string, state: string) => Promise<ConnectEnd>;
  readonly connectSession: (sessionId: string) => Promise<ConnectEnd>;
  readonly connection: (connectionId: string) => Promise<Connection>;
  readonly preview: (connectionId: string) => Promise<Preview>;
  /** Refused with `connection_changed` when it is not the version that was previewed any more. */
  readonly remove: (connectionId: string, version: number) => Promise<Connection>;
  readonly removeCompany: (connectionId: string, companyId: string) => Promise<Connection>;
  /** Says that a connection and those like it are all wanted. */
  readonly keep: (connectionId: string) => Promise<Connection>;
  /** Has Finch asked about a connection within seconds; read it again then. */
  readonly check: (connectionId: string) => Promise<Connection>;
  /** Puts off the session's end. */
  readonly stay: () => Promise<PageSession>;
  /** Ends the session. */
  readonly leave: () => Promise<void>;
}
