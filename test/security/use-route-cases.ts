/** Which refusals the routes have by which connections are used. */
import {
  auditPath,
  employersPath,
  finchPath,
  malformedBody,
  malformedConnection,
  malformedCustomer,
  malformedPage,
  namesNothing,
  query,
  type RouteCase,
  tokenPath,
  unknownQuery,
  unwantedBody,
} from "./route-case.ts";

/** Where the connection of a good request is forwarded from; its body is Finch's affair. */
const forwarded = (path: RouteCase["path"]): RouteCase => ({
  path,
  scope: "finch:forward",
  unknownCustomer: true,
  things: ["connection"],
  malformed: [
    ...malformedCustomer(({ connection }) => `/connections/${connection}/finch/employer/company`),
    ...malformedConnection("/finch/employer/company"),
  ],
});

const aWish = (fields: object) => ({ products: ["company"], reason: "a report", ...fields });

/** By method and path. */
export const useRouteCases: Readonly<Record<string, RouteCase>> = {
  "POST /v1/customers/{customer_id}/connections/{connection_id}/access-token": {
    path: tokenPath,
    json: aWish({}),
    scope: "tokens:read",
    unknownCustomer: true,
    things: ["connection"],
    malformed: [
      ...malformedCustomer(({ connection }) => `/connections/${connection}/access-token`),
      ...malformedConnection("/access-token"),
      ...malformedBody,
      unknownQuery(tokenPath),
      { what: "no products", json: { reason: "a report" }, field: "body.products" },
      { what: "an empty list of products", json: aWish({ products: [] }), field: "body.products" },
      { what: "a product twice", json: aWish({ products: ["company", "company"] }), field: "body.products" },
      { what: "a product with a blank", json: aWish({ products: ["a b"] }), field: "body.products[0]" },
      { what: "no reason", json: { products: ["company"] }, field: "body.reason" },
      { what: "an empty reason", json: aWish({ reason: "" }), field: "body.reason" },
      { what: "a long reason", json: aWish({ reason: "x".repeat(201) }), field: "body.reason" },
      { what: "a reason of two lines", json: aWish({ reason: "a\nb" }), field: "body.reason" },
      { what: "an entity that cannot be one", json: aWish({ entity_id: "a b" }), field: "body.entity_id" },
      { what: "an unknown field", json: aWish({ token_id: "x" }), field: "body.token_id" },
    ],
  },
  "GET /v1/customers/{customer_id}/connections/{connection_id}/finch/{path}": forwarded(finchPath),
  "POST /v1/customers/{customer_id}/connections/{connection_id}/finch/{path}": forwarded((things) =>
    finchPath(things).replace("company", "individual"),
  ),
  "GET /v1/customers/{customer_id}/employers": {
    path: employersPath,
    scope: "connections:read",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [
      ...malformedCustomer(() => "/employers"),
      ...unwantedBody,
      unknownQuery(employersPath),
      ...malformedPage(employersPath),
    ],
  },
  "GET /v1/customers/{customer_id}/audit": {
    path: auditPath,
    scope: "audit:read",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [
      ...malformedCustomer(() => "/audit"),
      ...unwantedBody,
      unknownQuery(auditPath),
      ...malformedPage(auditPath),
      query("connection_id=a.b", auditPath),
    ],
  },
};
