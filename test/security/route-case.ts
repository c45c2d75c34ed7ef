/** What a route's refusals are described with, and what several routes refuse alike. */

/** What a request may name. */
export interface Things {
  readonly customer: string;
  readonly session: string;
  readonly connection: string;
  readonly ticket: string;
}

/** A request that does not match the document, and the field that the answer names. */
export interface Malformed {
  readonly what: string;
  /** Replaces the path of the good request; what is percent-encoded is sent as it is. */
  readonly path?: (things: Things) => string;
  readonly json?: unknown;
  /** A body that is no JSON. */
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  readonly field: string;
}

/** Why a case does not apply to a route. */
interface NotApplicable {
  readonly because: string;
}

/** The refusals of one route. */
export interface RouteCase {
  /** A good request's path, and its body. */
  readonly path: (things: Things) => string;
  readonly json?: unknown;
  /** The scope without which the gateway answers 403; without any token it answers 401. */
  readonly scope: string | NotApplicable;
  /** 404 for a customer that nobody has put. */
  readonly unknownCustomer: true | NotApplicable;
  /** 404 for what nobody has, and the same for what another customer has. */
  readonly things: readonly ("session" | "connection")[] | NotApplicable;
  /** 400 with the field's name; or a page, where a browser comes. */
  readonly malformed: readonly Malformed[] | NotApplicable;
}

const uuid = "00000000-0000-7000-8000-000000000000";
/** Where the API has a customer. */
export const customerPath = ({ customer }: Things): string => `/v1/customers/${customer}`;
/** Why a route has no scope. */
export const forBrowsers: NotApplicable = { because: "a browser comes without a token" };
/** The same, for what tells nothing of anybody. */
export const forAll: NotApplicable = { because: "it is for everybody" };
/** Why a route has no 404 for a customer. */
export const namesNoCustomer: NotApplicable = { because: "it names no customer" };
/** Why a route has no 404 for a session or a connection. */
export const namesNothing: NotApplicable = { because: "it names nothing that a customer could have" };

/** What is wrong with a customer's id, wherever in a path it stands. */
export const malformedCustomer = (rest: (things: Things) => string): readonly Malformed[] =>
  ["%2e%2e", "..", ".", "a%20b", "a%00", "%ff", "caf%C3%A9", "a%23b", "a%25b", "x".repeat(256)].map((id) => ({
    what: `customer_id ${id.slice(0, 20)}`,
    path: (things) => `/v1/customers/${id}${rest(things)}`,
    field: "path.customer_id",
  }));

/** What is wrong with a session's id at the end of a path. */
export const malformedSession = (before: (things: Things) => string): readonly Malformed[] =>
  ["x", uuid.slice(1), `${uuid}0`, "ABCDEF00-0000-7000-8000-000000000000", "%00", "%ff"].map((id) => ({
    what: `session_id ${id}`,
    path: (things) => `${before(things)}${id}`,
    field: "path.session_id",
  }));

/** Where the API has a deletion that nobody asked for. */
export const deletionPath = (): string => `/v1/customer-deletions/${uuid}`;

/** What is wrong with a deletion's id. */
export const malformedDeletion: readonly Malformed[] = malformedSession(() => "/v1/customer-deletions/").map(
  ({ what, ...each }) => ({ ...each, what: what.replace("session", "deletion"), field: "path.deletion_id" }),
);

/** What is wrong with a connection's id, with the rest of the path behind it. */
export const malformedConnection = (rest: string): readonly Malformed[] =>
  ["a.b", "a%20b", "a%2Bb", "%00", "%ff", "x".repeat(129)].map((id) => ({
    what: `connection_id ${id.slice(0, 20)}`,
    path: (things) => `${customerPath(things)}/connections/${id}${rest}`,
    field: "path.connection_id",
  }));

/** A query parameter that no route knows. */
export const unknownQuery = (path: (things: Things) => string): Malformed => ({
  what: "an unknown query parameter",
  path: (things) => `${path(things)}?verbose=1`,
  field: "query.verbose",
});

/** What is wrong where no body is taken. */
export const unwantedBody: readonly Malformed[] = [
  { what: "a body", json: { a: 1 }, field: "body" },
  { what: "a body that is no JSON", body: "a", field: "body" },
];

/** What is wrong with a body, whatever its fields are. */
export const malformedBody: readonly Malformed[] = [
  { what: "no body", body: "", field: "body" },
  { what: "half of an object", body: '{"name":', field: "body" },
  { what: "no JSON", body: "name=x", field: "body" },
  { what: "no UTF-8", body: Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), field: "body" },
  { what: "an array", json: [], field: "body" },
  { what: "null", json: null, field: "body" },
  { what: "a number", json: 1, field: "body" },
  { what: "a form", contentType: "application/x-www-form-urlencoded", field: "headers.content-type" },
  { what: "plain text", contentType: "text/plain", field: "headers.content-type" },
];

/** A customer with these fields. */
export const withName = (fields: object) => ({ name: "Acme", ...fields });
/** A request for a session with these fields. */
export const withProducts = (fields: object) => ({ products: ["company"], ...fields });

/** Where the API has a session. */
export const sessionPath = (things: Things) => `${customerPath(things)}/connect-sessions/${things.session}`;
/** Where the API has a connection. */
export const connectionPath = (things: Things) => `${customerPath(things)}/connections/${things.connection}`;
/** Where the API has a customer's connections. */
export const listPath = (things: Things) => `${customerPath(things)}/connections`;
/** Where the API has a customer's sessions. */
export const sessionsPath = (things: Things) => `${customerPath(things)}/connect-sessions`;
/** Where the API has all customers. */
export const customersPath = () => "/v1/customers";

/** A query, of the list of connections unless another path is given, whose first parameter is wrong. */
export const query = (what: string, path: (things: Things) => string = listPath): Malformed => ({
  what,
  path: (things) => `${path(things)}?${what}`,
  field: `query.${what.split("=")[0]}`,
});

/** What is wrong with a page of a list that is asked for. */
export const malformedPage = (path: (things: Things) => string): readonly Malformed[] => [
  ...["0", "101", "-1", "1.5", "1e1", "ten", "", "1&limit=2", "9".repeat(30)].map((limit) =>
    query(`limit=${limit}`, path),
  ),
  ...["x", "!", "", "x".repeat(2_049), Buffer.from("2026 x").toString("base64url")].map((text) =>
    query(`cursor=${text}`, path),
  ),
];

/** Where a connection is signed in again. */
export const reauthenticatePath = (things: Things) => `${connectionPath(things)}/reauthenticate-sessions`;
/** Where a held connection is taken into use. */
export const acceptPath = (things: Things) => `${connectionPath(things)}/accept`;
/** What looks like a `state` of an embedded session. */
export const aState = "A".repeat(64);
/** An entity that no connection has: nothing is ended by a request that was to be refused. */
export const anEntity = "00000000-0000-4000-8000-00000000e000";
/** Where an entity of a connection is ended. */
export const entityPath = (things: Things) => `${connectionPath(things)}/entities/${anEntity}`;
/** Where it is told what a disconnect would end. */
export const previewPath = (things: Things) => `${connectionPath(things)}/disconnect-preview`;
/** Where an access token is handed out. */
export const tokenPath = (things: Things) => `${connectionPath(things)}/access-token`;
/** Where the company is read at Finch. */
export const finchPath = (things: Things) => `${connectionPath(things)}/finch/employer/company`;
/** Where it is told which employers there are. */
export const employersPath = (things: Things) => `${customerPath(things)}/employers`;
/** Where it is told who used tokens. */
export const auditPath = (things: Things) => `${customerPath(things)}/audit`;
/** Where duplicates are kept. */
export const keepPath = (things: Things) => `${connectionPath(things)}/keep-duplicate`;
