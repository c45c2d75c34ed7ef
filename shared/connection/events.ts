import type { ConnectionId, CustomerId, DeletionId, SessionId } from "./identifiers.ts";

/** What an event is about, and which version of it the event tells of: a receiver orders by it and drops the older. */
interface Subject<Kind extends string, Id extends string> {
  readonly kind: Kind;
  readonly id: Id;
  readonly version: number;
}

interface ConnectionEvent<Type extends string> {
  readonly type: Type;
  readonly customerId: CustomerId;
  readonly subject: Subject<"connection", ConnectionId>;
  readonly detail: ConnectionEventDetail;
}

/** What an event tells of a connection. */
export interface ConnectionEventDetail {
  readonly provider_id: string;
  readonly status: string;
  readonly reason?: string;
  readonly entity_id?: string;
  readonly duplicate_connection_id?: ConnectionId;
}

interface ReauthenticationRequired {
  readonly type: "ReauthenticationRequired";
  readonly customerId: CustomerId;
  readonly subject: Subject<"connection", ConnectionId>;
  readonly detail: {
    readonly provider_id: string;
    readonly status: string;
    /** The entities that are signed out; all of them, if the connection itself is. */
    readonly entity_ids: readonly string[];
    /** The request that makes the session to send the customer to. */
    readonly reauthenticate: { readonly method: "POST"; readonly path: string };
  };
}

interface SessionEvent<Type extends string> {
  readonly type: Type;
  readonly customerId: CustomerId;
  readonly subject: Subject<"connect_session", SessionId>;
  readonly detail: { readonly reason: string; readonly connection_id?: ConnectionId };
}

interface CustomerEvent<Type extends string> {
  readonly type: Type;
  readonly customerId: CustomerId;
  /** The version is the moment of the end, in milliseconds: it comes after every former life's of the same id. */
  readonly subject: Subject<"customer", CustomerId>;
  readonly detail: { readonly deletion_id: DeletionId };
}

interface RosterEvent {
  readonly type: "RosterReady";
  readonly customerId: CustomerId;
  /** The version is the moment at which it was ready, in milliseconds. */
  readonly subject: Subject<"roster", string>;
  readonly detail: RosterEventDetail;
}

/** What has changed since the roster before: counts of all, and the first of their ids. */
export interface RosterEventDetail {
  /** Not all of the connections could be read to their end. */
  readonly incomplete: boolean;
  readonly employees: number;
  readonly previous_roster_id: string | null;
  readonly counts: Readonly<Record<"joined" | "left" | "moved" | "merged" | "split", number>>;
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** Whose connections are others than before. */
  readonly moved: readonly string[];
  /** Employees that have become one. */
  readonly merged: readonly { readonly employee_id: string; readonly from: readonly string[] }[];
  /** Employees that have become several. */
  readonly split: readonly { readonly employee_id: string; readonly into: readonly string[] }[];
  /** Some of the lists are shorter than their counts. */
  readonly truncated: boolean;
}

/**
 * What Perch tells the platform's other services. Written in the same transaction as the change it tells of. No event holds
 * a name, an address or a token: ids, states and reasons only.
 */
export type PerchEvent = (
  | ConnectionEvent<
      | "ConnectionCreated"
      | "ConnectionUpdated"
      | "ConnectionHeld"
      | "ConnectionReconnected"
      | "ConnectionDisconnected"
      | "EntityDisconnected"
      | "PossibleDuplicateFound"
    >
  | ReauthenticationRequired
  | SessionEvent<"ConnectSessionFailed" | "ConnectionConflict">
  | CustomerEvent<"CustomerDeleted">
  | RosterEvent
) & { readonly eventId: string; readonly time: Date };

/** The types of the events that are about a connection. */
export type ConnectionEventType = Extract<PerchEvent, { readonly subject: { readonly kind: "connection" } }>["type"];
