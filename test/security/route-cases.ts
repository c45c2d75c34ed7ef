/**
 * Which refusals each route has. A route of the OpenAPI document that is not here fails the test that uses this table. It is
 * long because it is one table, read route by route beside the document.
 */

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
const customerPath = ({ customer }: Things): string => `/v1/customers/${customer}`;
const forBrowsers: NotApplicable = { because: "a browser comes without a token" };
const forAll: NotApplicable = { because: "it is for everybody" };
const namesNoCustomer: NotApplicable = { because: "it names no customer" };
const namesNothing: NotApplicable = { because: "it names nothing that a customer could have" };

/** What is wrong with a customer's id, wherever in a path it stands. */
const malformedCustomer = (rest: (things: Things) => string): readonly Malformed[] =>
  ["%2e%2e", "..", ".", "a%20b", "a%00", "%ff", "caf%C3%A9", "a%23b", "a%25b", "x".repeat(256)].map((id) => ({
    what: `customer_id ${id.slice(0, 20)}`,
    path: (things) => `/v1/customers/${id}${rest(things)}`,
    field: "path.customer_id",
  }));

const malformedSession = (before: (things: Things) => string): readonly Malformed[] =>
  ["x", uuid.slice(1), `${uuid}0`, "ABCDEF00-0000-7000-8000-000000000000", "%00", "%ff"].map((id) => ({
    what: `session_id ${id}`,
    path: (things) => `${before(things)}${id}`,
    field: "path.session_id",
  }));

const malformedConnection = (rest: string): readonly Malformed[] =>
  ["a.b", "a%20b", "a%2Bb", "%00", "%ff", "x".repeat(129)].map((id) => ({
    what: `connection_id ${id.slice(0, 20)}`,
    path: (things) => `${customerPath(things)}/connections/${id}${rest}`,
    field: "path.connection_id",
  }));

const unknownQuery = (path: (things: Things) => string): Malformed => ({
  what: "an unknown query parameter",
  path: (things) => `${path(things)}?verbose=1`,
  field: "query.verbose",
});

const unwantedBody: readonly Malformed[] = [
  { what: "a body", json: { a: 1 }, field: "body" },
  { what: "a body that is no JSON", body: "a", field: "body" },
];

/** What is wrong with a body, whatever its fields are. */
const malformedBody: readonly Malformed[] = [
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

const withName = (fields: object) => ({ name: "Acme", ...fields });
const withProducts = (fields: object) => ({ products: ["company"], ...fields });

const sessionPath = (things: Things) => `${customerPath(things)}/connect-sessions/${things.session}`;
const connectionPath = (things: Things) => `${customerPath(things)}/connections/${things.connection}`;
const listPath = (things: Things) => `${customerPath(things)}/connections`;
const sessionsPath = (things: Things) => `${customerPath(things)}/connect-sessions`;
const customersPath = () => "/v1/customers";

const query = (what: string, path: (things: Things) => string = listPath): Malformed => ({
  what,
  path: (things) => `${path(things)}?${what}`,
  field: `query.${what.split("=")[0]}`,
});

/** What is wrong with a page of a list that is asked for. */
const malformedPage = (path: (things: Things) => string): readonly Malformed[] => [
  ...["0", "101", "-1", "1.5", "1e1", "ten", "", "1&limit=2", "9".repeat(30)].map((limit) =>
    query(`limit=${limit}`, path),
  ),
  ...["x", "!", "", "x".repeat(2_049), Buffer.from("2026 x").toString("base64url")].map((text) =>
    query(`cursor=${text}`, path),
  ),
];

const reauthenticatePath = (things: Things) => `${connectionPath(things)}/reauthenticate-sessions`;
const acceptPath = (things: Things) => `${connectionPath(things)}/accept`;
const aState = "A".repeat(64);

export const routeCases: Readonly<Record<string, RouteCase>> = {
  "PUT /v1/customers/{customer_id}": {
    path: customerPath,
    json: { name: "Acme" },
    scope: "customers:write",
    unknownCustomer: { because: "it makes the customer known" },
    things: namesNothing,
    malformed: [
      ...malformedCustomer(() => ""),
      ...malformedBody,
      unknownQuery(customerPath),
      { what: "no name", json: {}, field: "body.name" },
      { what: "an empty name", json: { name: "" }, field: "body.name" },
      { what: "a name of 256 characters", json: { name: "x".repeat(256) }, field: "body.name" },
      { what: "a number as name", json: { name: 1 }, field: "body.name" },
      { what: "no address", json: withName({ email: "payroll" }), field: "body.email" },
      { what: "an unknown mode", json: withName({ mode: "many" }), field: "body.mode" },
      { what: "an unknown field", json: withName({ customer_id: "other" }), field: "body.customer_id" },
      { what: "a number in metadata", json: withName({ metadata: { seats: 1 } }), field: "body.metadata.seats" },
      { what: "a list as metadata", json: withName({ metadata: [] }), field: "body.metadata" },
      { what: "a prototype", body: '{"name":"Acme","__proto__":{"mode":"single"}}', field: "body.__proto__" },
      {
        what: "too much metadata",
        json: withName({ metadata: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, ""])) }),
        field: "body.metadata",
      },
    ],
  },
  "GET /v1/customers": {
    path: customersPath,
    scope: "customers:read",
    unknownCustomer: namesNoCustomer,
    things: namesNothing,
    malformed: [...unwantedBody, unknownQuery(customersPath), ...malformedPage(customersPath)],
  },
  "GET /v1/customers/{customer_id}": {
    path: customerPath,
    scope: "customers:read",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [...malformedCustomer(() => ""), ...unwantedBody, unknownQuery(customerPath)],
  },
  "POST /v1/customers/{customer_id}/connect-sessions": {
    path: (things) => `${customerPath(things)}/connect-sessions`,
    json: { products: ["company"] },
    scope: "connections:write",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [
      ...malformedCustomer(() => "/connect-sessions"),
      ...malformedBody,
      unknownQuery((things) => `${customerPath(things)}/connect-sessions`),
      { what: "no products", json: {}, field: "body.products" },
      { what: "an empty list of products", json: { products: [] }, field: "body.products" },
      { what: "a product that Finch does not have", json: { products: ["cake"] }, field: "body.products[0]" },
      { what: "a product twice", json: { products: ["company", "company"] }, field: "body.products" },
      { what: "a text as products", json: { products: "company" }, field: "body.products" },
      {
        what: "an unknown field",
        json: withProducts({ redirect_uri: "https://a.example" }),
        field: "body.redirect_uri",
      },
      { what: "another mode", json: withProducts({ mode: "popup" }), field: "body.mode" },
      {
        what: "a return_url where nobody leaves the page",
        json: withProducts({ mode: "embedded", return_url: "http://localhost:3000/" }),
        field: "body.return_url",
      },
      { what: "a text as a flag", json: withProducts({ require_acceptance: "yes" }), field: "body.require_acceptance" },
      { what: "no minute", json: withProducts({ minutes_to_expire: 0 }), field: "body.minutes_to_expire" },
      { what: "half a minute", json: withProducts({ minutes_to_expire: 0.5 }), field: "body.minutes_to_expire" },
      { what: "too many minutes", json: withProducts({ minutes_to_expire: 129_601 }), field: "body.minutes_to_expire" },
      { what: "another sandbox", json: withProducts({ sandbox: "mine" }), field: "body.sandbox" },
      { what: "no provider", json: withProducts({ integration: {} }), field: "body.integration.provider" },
      {
        what: "another way to sign in",
        json: withProducts({ integration: { provider: "gusto", auth_method: "magic" } }),
        field: "body.integration.auth_method",
      },
      {
        what: "a provider that Finch does not know",
        json: withProducts({ integration: { provider: "x" } }),
        field: "body",
      },
    ],
  },
  "GET /v1/customers/{customer_id}/connect-sessions": {
    path: sessionsPath,
    scope: "connections:read",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [
      ...malformedCustomer(() => "/connect-sessions"),
      ...unwantedBody,
      unknownQuery(sessionsPath),
      ...malformedPage(sessionsPath),
    ],
  },
  "GET /v1/customers/{customer_id}/connect-sessions/{session_id}": {
    path: sessionPath,
    scope: "connections:read",
    unknownCustomer: true,
    things: ["session"],
    malformed: [
      ...malformedCustomer(({ session }) => `/connect-sessions/${session}`),
      ...malformedSession((things) => `${customerPath(things)}/connect-sessions/`),
      ...unwantedBody,
      unknownQuery(sessionPath),
    ],
  },
  "DELETE /v1/customers/{customer_id}/connect-sessions/{session_id}": {
    path: sessionPath,
    scope: "connections:write",
    unknownCustomer: true,
    things: ["session"],
    malformed: [
      ...malformedCustomer(({ session }) => `/connect-sessions/${session}`),
      ...malformedSession((things) => `${customerPath(things)}/connect-sessions/`),
      ...unwantedBody,
      unknownQuery(sessionPath),
    ],
  },
  "GET /v1/customers/{customer_id}/connections": {
    path: listPath,
    scope: "connections:read",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [
      ...malformedCustomer(() => "/connections"),
      ...unwantedBody,
      unknownQuery(listPath),
      ...malformedPage(listPath),
      ...["Reauth", "a-b", "x".repeat(65)].map((status) => query(`status=${status}`)),
      ...["Gusto", "a%20b", "x".repeat(65)].map((provider) => query(`provider_id=${provider}`)),
    ],
  },
  "POST /v1/customers/{customer_id}/connections": {
    path: listPath,
    json: { access_token: "not-a-real-token" },
    scope: "connections:write",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [
      ...malformedCustomer(() => "/connections"),
      ...malformedBody,
      unknownQuery(listPath),
      { what: "neither a code nor a token", json: {}, field: "body" },
      { what: "a code without its state", json: { authorization_code: "x" }, field: "body.state" },
      { what: "a state without its code", json: { state: aState }, field: "body.authorization_code" },
      {
        what: "a code and a token",
        json: { authorization_code: "x", state: aState, access_token: "x" },
        field: "body",
      },
      { what: "a short state", json: { authorization_code: "x", state: "x" }, field: "body.state" },
      { what: "an empty code", json: { authorization_code: "", state: aState }, field: "body.authorization_code" },
      { what: "no token", json: { access_token: "" }, field: "body.access_token" },
      { what: "a token with a blank", json: { access_token: "a b" }, field: "body.access_token" },
      { what: "a token that is too long", json: { access_token: "x".repeat(8_193) }, field: "body.access_token" },
      { what: "a token that Finch does not know", json: { access_token: "x" }, field: "body.access_token" },
      { what: "an unknown field", json: { access_token: "x", customer_id: "other" }, field: "body.customer_id" },
    ],
  },
  "GET /v1/customers/{customer_id}/connections/{connection_id}": {
    path: connectionPath,
    scope: "connections:read",
    unknownCustomer: true,
    things: ["connection"],
    malformed: [
      ...malformedCustomer(({ connection }) => `/connections/${connection}`),
      ...malformedConnection(""),
      ...unwantedBody,
      unknownQuery(connectionPath),
    ],
  },
  "PATCH /v1/customers/{customer_id}/connections/{connection_id}": {
    path: connectionPath,
    json: { label: "payroll" },
    scope: "connections:write",
    unknownCustomer: true,
    things: ["connection"],
    malformed: [
      ...malformedCustomer(({ connection }) => `/connections/${connection}`),
      ...malformedConnection(""),
      ...malformedBody,
      unknownQuery(connectionPath),
      { what: "nothing to change", json: {}, field: "body" },
      { what: "a number as label", json: { label: 1 }, field: "body.label" },
      { what: "a label of 201 characters", json: { label: "x".repeat(201) }, field: "body.label" },
      { what: "no metadata", json: { metadata: null }, field: "body.metadata" },
      { what: "a number in metadata", json: { metadata: { seats: 1 } }, field: "body.metadata.seats" },
      { what: "what is Finch's", json: { label: "x", status: "connected" }, field: "body.status" },
    ],
  },
  "DELETE /v1/customers/{customer_id}/connections/{connection_id}": {
    path: connectionPath,
    scope: "connections:write",
    unknownCustomer: true,
    things: ["connection"],
    malformed: [
      ...malformedCustomer(({ connection }) => `/connections/${connection}`),
      ...malformedConnection(""),
      ...unwantedBody,
      unknownQuery(connectionPath),
      ...["disconnect=", "disconnect=1", "disconnect=yes", "disconnect=true&disconnect=true"].map((text) =>
        query(text, connectionPath),
      ),
    ],
  },
  "POST /v1/customers/{customer_id}/connections/{connection_id}/accept": {
    path: acceptPath,
    scope: "connections:write",
    unknownCustomer: true,
    things: ["connection"],
    malformed: [
      ...malformedCustomer(({ connection }) => `/connections/${connection}/accept`),
      ...malformedConnection("/accept"),
      ...unwantedBody,
      unknownQuery(acceptPath),
    ],
  },
  "POST /v1/customers/{customer_id}/connections/{connection_id}/reauthenticate-sessions": {
    path: reauthenticatePath,
    json: {},
    scope: "connections:write",
    unknownCustomer: true,
    things: ["connection"],
    malformed: [
      ...malformedCustomer(({ connection }) => `/connections/${connection}/reauthenticate-sessions`),
      ...malformedConnection("/reauthenticate-sessions"),
      ...malformedBody.filter(({ what }) => what !== "no body"),
      unknownQuery(reauthenticatePath),
      { what: "an empty list of products", json: { products: [] }, field: "body.products" },
      { what: "a product that Finch does not have", json: { products: ["cake"] }, field: "body.products[0]" },
      { what: "another mode", json: { mode: "popup" }, field: "body.mode" },
      { what: "no minute", json: { minutes_to_expire: 0 }, field: "body.minutes_to_expire" },
      {
        what: "a return_url where nobody leaves the page",
        json: { mode: "embedded", return_url: "http://localhost:3000/" },
        field: "body.return_url",
      },
      {
        what: "what a connection has already",
        json: { integration: { provider: "gusto" } },
        field: "body.integration",
      },
    ],
  },
  "POST /v1/customers/{customer_id}/connections/{connection_id}/introspect": {
    path: (things) => `${connectionPath(things)}/introspect`,
    scope: "connections:write",
    unknownCustomer: true,
    things: ["connection"],
    malformed: [
      ...malformedCustomer(({ connection }) => `/connections/${connection}/introspect`),
      ...malformedConnection("/introspect"),
      ...unwantedBody,
      unknownQuery((things) => `${connectionPath(things)}/introspect`),
    ],
  },
  "GET /connect/{ticket}": {
    path: ({ ticket }) => `/connect/${ticket}`,
    scope: forBrowsers,
    unknownCustomer: namesNoCustomer,
    things: { because: "an unknown ticket is answered with the page for a link that has ended" },
    malformed: ["x", "x".repeat(129), "%ff".repeat(10), `${"x".repeat(63)}%00`, `${"x".repeat(63)}%2B`].map(
      (ticket) => ({
        what: `ticket ${ticket.slice(-20)}`,
        path: () => `/connect/${ticket}`,
        field: "page",
      }),
    ),
  },
  "GET /connect/callback": {
    path: () => "/connect/callback?state=x&code=x",
    scope: forBrowsers,
    unknownCustomer: namesNoCustomer,
    things: { because: "an unknown state is answered with a page" },
    malformed: [
      ["no query", ""],
      ["an empty code", "?state=x&code="],
      ["a code too long", `?state=x&code=${"x".repeat(2_049)}`],
      ["a state too long", `?code=x&state=${"x".repeat(513)}`],
      ["no UTF-8", "?state=%ff&code=%ff"],
      ["half an escape", "?state=%&code=%2"],
    ].map(([what = "", text]) => ({ what, path: () => `/connect/callback${text}`, field: "page" })),
  },
  "GET /connect/pending/{session_id}": {
    path: ({ session }) => `/connect/pending/${session}`,
    scope: forBrowsers,
    unknownCustomer: namesNoCustomer,
    things: { because: "an unknown session is answered with the page for a link that has ended" },
    malformed: malformedSession(() => "/connect/pending/").map((each) => ({ ...each, field: "page" })),
  },
  "GET /openapi.json": {
    path: () => "/openapi.json",
    scope: forAll,
    unknownCustomer: namesNoCustomer,
    things: namesNothing,
    malformed: unwantedBody,
  },
  "GET /health": {
    path: () => "/health",
    scope: forAll,
    unknownCustomer: namesNoCustomer,
    things: namesNothing,
    malformed: unwantedBody,
  },
};
