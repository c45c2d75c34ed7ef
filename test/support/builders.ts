/**
 * Builders: each makes a whole, plausible thing, of which a test says only what matters to it. The file is long because
 * all of them are found in one place.
 */
import { randomUUID } from "node:crypto";
import type { AuditEntry } from "#shared/connection/audit.ts";
import { hashOf } from "#shared/connection/capability.ts";
import type { ConnectSession, Opening } from "#shared/connection/connect-session.ts";
import {
  type Connection,
  connectionStatus,
  type Disconnect,
  type EntityDisconnect,
  firstVersion,
  isFirstVersion,
  isInUse,
  type TokenRecord,
} from "#shared/connection/connection.ts";
import type { CustomerProfile } from "#shared/connection/customer.ts";
import type { CustomerDeletion } from "#shared/connection/customer-deletion.ts";
import type { Employer } from "#shared/connection/employer.ts";
import type { PerchEvent } from "#shared/connection/events.ts";
import type { Introspection, TokenGrant } from "#shared/connection/finch-port.ts";
import type {
  ConnectionId,
  CustomerId,
  DeletionId,
  PageSessionId,
  SessionId,
  TokenId,
} from "#shared/connection/identifiers.ts";
import type { Claim } from "#shared/connection/store-ports.ts";
import type { PageSession } from "#shared/page/page-session.ts";
import { secret } from "#shared/secret.ts";

/** A token that was handed out. */
export const anAuditEntry = (changes: Partial<AuditEntry> = {}): AuditEntry => ({
  auditId: randomUUID() as AuditEntry["auditId"],
  customerId: newCustomerId(),
  connectionId: newConnectionId(),
  sessionId: null,
  action: "token_handed_out",
  at: noon,
  caller: "backend",
  reason: "nightly report",
  products: ["directory"],
  entityId: null,
  tokenId: newTokenId(),
  request: null,
  requestId: "JKJaXmPLvHcESHA=",
  ...changes,
});

/** When things happen in tests. Far ahead, so that no table's time to live deletes what a test has just stored. */
export const noon = new Date("2031-05-06T12:00:00.000Z");

/** So many milliseconds after noon. */
export const afterNoon = (milliseconds: number): Date => new Date(noon.getTime() + milliseconds);

export const minute = 60_000;

/** A customer's id that no other test uses, so that tests can share a table. */
export const newCustomerId = (name = "acme"): CustomerId => `${name}-${randomUUID()}` as CustomerId;
export const newConnectionId = (): ConnectionId => randomUUID() as ConnectionId;
export const newSessionId = (): SessionId => randomUUID() as SessionId;
export const newPageSessionId = (): PageSessionId => randomUUID() as PageSessionId;
export const newTokenId = (): TokenId => randomUUID() as TokenId;

/** What the platform says of a customer. */
export const aProfile = (changes: Partial<CustomerProfile> = {}): CustomerProfile => ({
  customerId: newCustomerId(),
  name: "Acme Inc.",
  email: "people@acme.example",
  metadata: { plan: "growth" },
  ...changes,
});

/** A session of the connections page whose link has not been used. */
export const aPageSession = (changes: Partial<PageSession> = {}): PageSession => ({
  pageSessionId: newPageSessionId(),
  customerId: newCustomerId(),
  incarnation: "first",
  linkHash: "hash-of-link",
  linkExpiresAt: afterNoon(10 * minute),
  returnUrl: null,
  language: null,
  createdAt: noon,
  visit: null,
  ...changes,
});

/** A Connect session that is open. */
export const aSession = (changes: Partial<ConnectSession> = {}): ConnectSession => ({
  sessionId: newSessionId(),
  customerId: newCustomerId(),
  incarnation: "first",
  status: "open",
  mode: "redirect",
  reauthenticates: null,
  requireAcceptance: false,
  products: ["company", "directory"],
  integration: { provider: "gusto", authMethod: "credential" },
  returnUrl: "https://app.example/back",
  ticketHash: "hash-of-ticket",
  finchConnectUrl: "https://connect.finch.example/authorize?session=1",
  openings: [],
  exchange: null,
  outcome: null,
  failureReason: null,
  connectionId: null,
  tokenId: null,
  createdAt: noon,
  expiresAt: afterNoon(60 * minute),
  endedAt: null,
  version: 1,
  ...changes,
});

/** One browser's opening of a session. */
export const anOpening = (changes: Partial<Opening> = {}): Opening => ({
  stateHash: "hash-of-state",
  holderHash: "hash-of-cookie",
  openedAt: noon,
  ...changes,
});

/** What is remembered of a token. */
export const aTokenRecord = (changes: Partial<TokenRecord> = {}): TokenRecord => ({
  tokenId: newTokenId(),
  fingerprint: hashOf(randomUUID()),
  products: ["company", "directory"],
  entityIds: ["entity-1"],
  createdAt: noon,
  status: "connected",
  invalidSince: null,
  ...changes,
});

/** What was read of an employer. */
export const anEmployer = (changes: Partial<Employer> = {}): Employer => ({
  entityId: "entity-1",
  status: "available",
  legalName: "Acme West LLC",
  entityType: "llc",
  entitySubtype: null,
  einLastFour: "6789",
  readAt: noon,
  ...changes,
});

/** A connection in use, with every field filled. */
export const aConnection = (changes: Partial<Connection> = {}): Connection => ({
  customerId: newCustomerId(),
  connectionId: newConnectionId(),
  providerId: "gusto",
  finchStatus: "connected",
  heldReason: null,
  disconnect: null,
  entityDisconnects: [],
  possibleDuplicates: [],
  keptDuplicates: [],
  employers: [anEmployer()],
  label: "Head office",
  metadata: { region: "west", constructor: "named so" },
  clientType: "sandbox",
  connectionType: "provider",
  companyId: "company-1",
  entities: [{ id: "entity-1", name: "Acme West", sourceId: "west", status: "connected" }],
  authenticationMethods: [{ type: "credential", status: "connected", products: ["company"] }],
  username: "good_user",
  lastSuccessfulSync: afterNoon(-minute),
  tokens: [aTokenRecord()],
  introspectedAt: noon,
  nextCheckAt: afterNoon(24 * 60 * minute),
  createdAt: noon,
  updatedAt: noon,
  version: firstVersion(changes.createdAt ?? noon),
  ...changes,
});

/** The number of a connection's n-th version, for one that was made at noon. */
export const nthVersion = (n: number): number => firstVersion(noon) + n - 1;

/** A disconnect that was asked for and is due. */
export const aDisconnect = (changes: Partial<Disconnect> = {}): Disconnect => ({
  reason: "requested",
  requestedAt: noon,
  attempts: 0,
  nextAttemptAt: noon,
  ...changes,
});

/** An entity's disconnect that was asked for and is due. */
export const anEntityDisconnect = (changes: Partial<EntityDisconnect> = {}): EntityDisconnect => ({
  entityId: "entity-1",
  requestedAt: noon,
  attempts: 0,
  nextAttemptAt: noon,
  ...changes,
});

/** A deletion that was asked for at noon. */
export const aDeletion = (changes: Partial<CustomerDeletion> = {}): CustomerDeletion => ({
  deletionId: randomUUID() as DeletionId,
  customerId: newCustomerId(),
  incarnation: "first",
  requestedAt: noon,
  completedAt: null,
  nextStepAt: noon,
  attempts: 0,
  connectionsFrom: null,
  sessionsErased: 0,
  tokensLost: 0,
  ended: null,
  ...changes,
});

/** The event that tells of a deletion's end. */
export const aDeletedEvent = ({ customerId, deletionId }: CustomerDeletion): PerchEvent => ({
  eventId: randomUUID(),
  time: noon,
  type: "CustomerDeleted",
  customerId,
  subject: { kind: "customer", id: customerId, version: noon.getTime() },
  detail: { deletion_id: deletionId },
});

/** What Finch gives for a code: each time another token. */
export const aGrant = (changes: Partial<TokenGrant> = {}): TokenGrant => ({
  accessToken: secret(`not-a-real-access-token-${randomUUID()}`),
  connectionId: newConnectionId(),
  entityIds: ["entity-1"],
  clientType: "sandbox",
  connectionType: "provider",
  products: ["company", "directory"],
  providerId: "gusto",
  customerId: null,
  companyId: "company-1",
  ...changes,
});

/** What Finch says of a token. */
export const anIntrospection = (changes: Partial<Introspection> = {}): Introspection => ({
  clientId: "client-of-the-platform",
  connectionId: newConnectionId(),
  clientType: "sandbox",
  connectionType: "provider",
  providerId: "gusto",
  status: "connected",
  lastSuccessfulSync: noon,
  products: ["company", "directory"],
  authenticationMethods: [{ type: "credential", status: "connected", products: ["company"] }],
  entities: [{ id: "entity-1", name: "Acme West", sourceId: "west", status: "connected" }],
  customerId: null,
  companyId: "company-1",
  username: "good_user",
  ...changes,
});

/** An event that tells of a connection. */
export const anEvent = (connection: Connection): PerchEvent => ({
  eventId: randomUUID(),
  time: noon,
  type: "ConnectionCreated",
  customerId: connection.customerId,
  subject: { kind: "connection", id: connection.connectionId, version: connection.version },
  detail: { provider_id: connection.providerId, status: connectionStatus(connection) },
});

/** The claim of a connection's newest token, with one event, that ends no session. */
export const aClaim = (connection: Connection, changes: Partial<Omit<Claim, "connection">> = {}): Claim => {
  const { customerId, connectionId } = connection;
  const record = connection.tokens.at(-1) ?? aTokenRecord();
  return {
    connection,
    token: { customerId, connectionId, record, sealed: { ciphertext: Buffer.from(`sealed ${record.tokenId}`) } },
    incarnation: undefined,
    takesIntoUse: isFirstVersion(connection) && isInUse(connection),
    ending: undefined,
    events: [anEvent(connection)],
    now: noon,
    ...changes,
  };
};

/** The connection with one more token, as the next version of it. */
export const withAnotherToken = (connection: Connection, record: TokenRecord = aTokenRecord()): Connection => ({
  ...connection,
  tokens: [...connection.tokens, record],
  version: connection.version + 1,
});
