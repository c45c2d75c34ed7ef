/** Branded strings: a customer's id cannot be passed where a connection's belongs. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The platform's own id of its customer: `[A-Za-z0-9_.:@|~-]{1,255}`, not `.` or `..`. */
export type CustomerId = Branded<"CustomerId">;
/** Finch's `connection_id`; a UUID today, opaque to Perch. */
export type ConnectionId = Branded<"ConnectionId">;
/** Perch's id of a Connect session: a UUID. */
export type SessionId = Branded<"SessionId">;
/** Perch's id of an access token that it keeps: a UUID, never Finch's text. */
export type TokenId = Branded<"TokenId">;
/** Perch's id of a customer's deletion: a UUID. */
export type DeletionId = Branded<"DeletionId">;
/** Perch's id of a session of the connections page: a UUID. */
export type PageSessionId = Branded<"PageSessionId">;
/** Perch's id of an entry of the audit: a UUID. */
export type AuditId = Branded<"AuditId">;

const customerIdPattern = /^[A-Za-z0-9_.:@|~-]{1,255}$/;
// Finch documents a UUID. What else may come is bounded so that it can stand in a key and in a URL.
const connectionIdPattern = /^[A-Za-z0-9_-]{1,128}$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The text as a customer's id, or undefined if it cannot be one. */
export const parseCustomerId = (text: string): CustomerId | undefined =>
  customerIdPattern.test(text) && text !== "." && text !== ".." ? (text as CustomerId) : undefined;

/** The text as a connection's id, or undefined if it cannot be one. */
export const parseConnectionId = (text: string): ConnectionId | undefined =>
  connectionIdPattern.test(text) ? (text as ConnectionId) : undefined;

/** The text as a Connect session's id, or undefined if it cannot be one. */
export const parseSessionId = (text: string): SessionId | undefined =>
  uuidPattern.test(text) ? (text as SessionId) : undefined;

/** The text as the id of a session of the connections page, or undefined if it cannot be one. */
export const parsePageSessionId = (text: string): PageSessionId | undefined =>
  uuidPattern.test(text) ? (text as PageSessionId) : undefined;

/** The text as a token's id, or undefined if it cannot be one. */
export const parseTokenId = (text: string): TokenId | undefined =>
  uuidPattern.test(text) ? (text as TokenId) : undefined;

/** The text as a deletion's id, or undefined if it cannot be one. */
export const parseDeletionId = (text: string): DeletionId | undefined =>
  uuidPattern.test(text) ? (text as DeletionId) : undefined;

/** The text as an id of the audit, or undefined if it cannot be one. */
export const parseAuditId = (text: string): AuditId | undefined =>
  uuidPattern.test(text) ? (text as AuditId) : undefined;
