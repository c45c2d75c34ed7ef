/** What the connections page's routes refuse before they know who asks. Who is let in is tried in `page-*.test.ts`. */
import {
  anEntity,
  aState,
  customerPath,
  malformedBody,
  malformedCustomer,
  malformedSession,
  type RouteCase,
  type Things,
  unknownQuery,
  unwantedBody,
} from "./route-case.ts";

const bySession = { because: "the session says whose it is" };
const forItsPage = { because: "the page comes with a cookie" };
const nobodyIsIn = { because: "nobody is in: page-isolation.test.ts" };

/** What all of them have in common. */
const page = { scope: forItsPage, unknownCustomer: bySession, things: nobodyIsIn } as const;

const pageSessionsPath = (things: Things) => `${customerPath(things)}/page-sessions`;
const at = (path: string) => () => path;
const pageConnection = ({ connection }: Things) => `/page/connections/${connection}`;
const pageConnectSession = ({ session }: Things) => `/page/connect-sessions/${session}`;

const malformedLimit = (path: string) =>
  ["0", "501", "-1", "1.5", "ten"].map((limit) => ({
    what: `limit=${limit}`,
    path: at(`${path}?limit=${limit}`),
    field: "query.limit",
  }));

/** A connection's id that cannot be one, where the page names it. */
const malformedPageConnection = (rest: string) =>
  ["a.b", "a%20b", "%00", "x".repeat(129)].map((id) => ({
    what: `connection_id ${id.slice(0, 20)}`,
    path: at(`/page/connections/${id}${rest}`),
    field: "path.connection_id",
  }));

/** A route below a connection that takes no body. */
const atConnection = (rest: string): RouteCase => ({
  ...page,
  path: (things) => `${pageConnection(things)}${rest}`,
  malformed: [
    ...malformedPageConnection(rest),
    ...unwantedBody,
    unknownQuery((things) => `${pageConnection(things)}${rest}`),
  ],
});

export const pageRouteCases: Readonly<Record<string, RouteCase>> = {
  "POST /v1/customers/{customer_id}/page-sessions": {
    path: pageSessionsPath,
    scope: "connections:write",
    unknownCustomer: true,
    things: { because: "it names nothing that a customer could have" },
    malformed: [
      ...malformedCustomer(() => "/page-sessions"),
      ...malformedBody.filter(({ what }) => what !== "no body").map((each) => ({ json: {}, ...each })),
      unknownQuery(pageSessionsPath),
      { what: "another scheme", json: { return_url: "javascript:alert(1)" }, field: "body.return_url" },
      { what: "no language", json: { language: "English" }, field: "body.language" },
      { what: "a language that the page does not have", json: { language: "tlh" }, field: "body.language" },
      { what: "no minutes", json: { link_minutes: 0 }, field: "body.link_minutes" },
      { what: "days", json: { link_minutes: 1440 }, field: "body.link_minutes" },
      { what: "an unknown field", json: { customer_id: "other" }, field: "body.customer_id" },
    ],
  },
  "GET /page": {
    ...page,
    path: at("/page"),
    malformed: [{ what: "a long language", path: at(`/page?lang=${"x".repeat(36)}`), field: "page" }],
  },
  "GET /page/assets/{file}": {
    ...page,
    path: at("/page/assets/none.js"),
    malformed: [{ what: "a long name", path: at(`/page/assets/${"x".repeat(101)}`), field: "path.file" }],
  },
  "POST /page/sessions": {
    ...page,
    path: at("/page/sessions"),
    json: { link_secret: "x" },
    malformed: [
      ...malformedBody,
      unknownQuery(at("/page/sessions")),
      { what: "no secret", json: {}, field: "body.link_secret" },
      { what: "a long secret", json: { link_secret: "x".repeat(257) }, field: "body.link_secret" },
      { what: "a customer", json: { link_secret: "x", customer_id: "other" }, field: "body.customer_id" },
    ],
  },
  "DELETE /page/sessions": {
    ...page,
    path: at("/page/sessions"),
    malformed: [...unwantedBody, unknownQuery(at("/page/sessions"))],
  },
  "POST /page/sessions/renew": {
    ...page,
    path: at("/page/sessions/renew"),
    malformed: [...unwantedBody, unknownQuery(at("/page/sessions/renew"))],
  },
  "GET /page/view": {
    ...page,
    path: at("/page/view"),
    malformed: [...unwantedBody, unknownQuery(at("/page/view")), ...malformedLimit("/page/view")],
  },
  "GET /page/connections": {
    ...page,
    path: at("/page/connections"),
    malformed: [
      ...unwantedBody,
      unknownQuery(at("/page/connections")),
      ...malformedLimit("/page/connections"),
      { what: "no cursor", path: at("/page/connections?cursor=!"), field: "query.cursor" },
    ],
  },
  "GET /page/connections/{connection_id}": {
    ...page,
    path: pageConnection,
    malformed: [...malformedPageConnection(""), ...unwantedBody, unknownQuery(pageConnection)],
  },
  "DELETE /page/connections/{connection_id}": {
    ...page,
    path: pageConnection,
    malformed: [
      ...malformedPageConnection(""),
      ...unwantedBody,
      unknownQuery(pageConnection),
      { what: "no version", path: (things) => `${pageConnection(things)}?version=new`, field: "query.version" },
    ],
  },
  "DELETE /page/connections/{connection_id}/entities/{entity_id}": {
    ...page,
    path: (things) => `${pageConnection(things)}/entities/${anEntity}`,
    malformed: [...malformedPageConnection(`/entities/${anEntity}`), ...unwantedBody],
  },
  "GET /page/connections/{connection_id}/disconnect-preview": atConnection("/disconnect-preview"),
  "POST /page/connections/{connection_id}/keep-duplicate": atConnection("/keep-duplicate"),
  "POST /page/connections/{connection_id}/check": atConnection("/check"),
  "POST /page/connections/{connection_id}/reauthenticate-sessions": atConnection("/reauthenticate-sessions"),
  "POST /page/connect-sessions": {
    ...page,
    path: at("/page/connect-sessions"),
    json: {},
    malformed: [
      ...malformedBody.filter(({ what }) => what !== "no body").map((each) => ({ json: {}, ...each })),
      unknownQuery(at("/page/connect-sessions")),
      { what: "a provider that cannot be one", json: { provider_id: "../gusto" }, field: "body.provider_id" },
      { what: "products", json: { products: ["ssn"] }, field: "body.products" },
      { what: "a return URL", json: { return_url: "https://evil.example" }, field: "body.return_url" },
    ],
  },
  "POST /page/connections": {
    ...page,
    path: at("/page/connections"),
    json: { authorization_code: "code", state: aState },
    malformed: [
      ...malformedBody,
      unknownQuery(at("/page/connections")),
      { what: "no code", json: { state: aState }, field: "body.authorization_code" },
      { what: "no state", json: { authorization_code: "code" }, field: "body.state" },
      { what: "a short state", json: { authorization_code: "code", state: "A" }, field: "body.state" },
      { what: "a token", json: { access_token: "x" }, field: "body.access_token" },
    ],
  },
  "GET /page/connect-sessions/{session_id}": {
    ...page,
    path: pageConnectSession,
    malformed: [
      ...malformedSession(() => "/page/connect-sessions/"),
      ...unwantedBody,
      unknownQuery(pageConnectSession),
    ],
  },
};
