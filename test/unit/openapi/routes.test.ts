import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** A route of Perch: method and path, and the scope that it needs (none: open). */
type PlannedRoute = readonly [route: string, scope: string | null];

const customer = "/v1/customers/{customer_id}";
const session = `${customer}/connect-sessions/{session_id}`;
const connection = `${customer}/connections/{connection_id}`;

/** Every route that Perch is to have: whoever adds one to the document adds it here, with who may call it. */
const planned: readonly PlannedRoute[] = [
  [`PUT ${customer}`, "customers:write"],
  [`GET ${customer}`, "customers:read"],
  ["GET /v1/customers", "customers:read"],
  [`DELETE ${customer}`, "customers:write"],
  ["GET /v1/customer-deletions/{deletion_id}", "customers:write"],
  [`POST ${customer}/connect-sessions`, "connections:write"],
  [`GET ${customer}/connect-sessions`, "connections:read"],
  [`GET ${session}`, "connections:read"],
  [`DELETE ${session}`, "connections:write"],
  ["GET /connect/{ticket}", null],
  ["GET /connect/callback", null],
  ["GET /connect/pending/{session_id}", null],
  [`POST ${customer}/connections`, "connections:write"],
  [`GET ${customer}/connections`, "connections:read"],
  [`GET ${connection}`, "connections:read"],
  [`PATCH ${connection}`, "connections:write"],
  [`POST ${connection}/introspect`, "connections:write"],
  [`POST ${connection}/accept`, "connections:write"],
  [`POST ${connection}/reauthenticate-sessions`, "connections:write"],
  [`GET ${connection}/disconnect-preview`, "connections:write"],
  [`DELETE ${connection}`, "connections:write"],
  [`DELETE ${connection}/entities/{entity_id}`, "connections:write"],
  [`POST ${connection}/keep-duplicate`, "connections:write"],
  [`GET ${customer}/employers`, "connections:read"],
  [`POST ${connection}/access-token`, "tokens:read"],
  [`GET ${customer}/audit`, "audit:read"],
  [`ANY ${connection}/finch/{path+}`, "finch:forward"],
  [`POST ${customer}/employee-rosters`, "employees:write"],
  [`GET ${customer}/employee-rosters/{roster_id}`, "employees:read"],
  [`GET ${customer}/employees`, "employees:read"],
  [`GET ${customer}/employees/{employee_id}`, "employees:read"],
  [`PUT ${customer}/employee-matches`, "employees:write"],
  [`POST ${customer}/page-sessions`, "connections:write"],
  ["GET /page", null],
  ["GET /page/assets/{file}", null],
  ["POST /page/sessions", null],
  ["POST /page/sessions/renew", null],
  ["DELETE /page/sessions", null],
  ["GET /page/view", null],
  ["GET /page/connections", null],
  ["GET /page/connections/{connection_id}", null],
  ["GET /page/connect-sessions/{session_id}", null],
  ["POST /page/connect-sessions", null],
  ["POST /page/connections", null],
  ["POST /page/connections/{connection_id}/reauthenticate-sessions", null],
  ["GET /page/connections/{connection_id}/disconnect-preview", null],
  ["DELETE /page/connections/{connection_id}", null],
  ["DELETE /page/connections/{connection_id}/entities/{entity_id}", null],
  ["POST /page/connections/{connection_id}/keep-duplicate", null],
  ["POST /page/connections/{connection_id}/check", null],
  ["POST /webhooks/finch", null],
  ["GET /openapi.json", null],
  ["GET /health", null],
  ["ANY $default", null],
];

const generated: readonly { method: string; path: string; function: string; scopes: string[] }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../.generated/routes.json"), "utf8"),
);
const documented = new Map(generated.map(({ method, path, scopes }) => [`${method} ${path}`, scopes]));

describe("the routes of the OpenAPI document", () => {
  it("are those that Perch is to have", () => {
    expect([...documented.keys()].toSorted()).toEqual(planned.map(([route]) => route).toSorted());
  });

  it("have exactly the scope that they are to have", () => {
    for (const [route, scope] of planned) {
      expect([route, documented.get(route)]).toEqual([route, scope ? [`perch/${scope}`] : []]);
    }
  });

  it("each belong to a function of their own, save those of the page, which share one where they need the same", () => {
    const others = generated.filter(({ path }) => !path.startsWith("/page"));
    expect(new Set(others.map((route) => route.function)).size).toBe(others.length);
    const ofThePage = new Set(generated.filter(({ path }) => path.startsWith("/page")).map((route) => route.function));
    expect(others.filter((route) => ofThePage.has(route.function))).toEqual([]);
  });
});
