/** What stands at the border: routes, functions and their limits. It is long because one synthesis serves all of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { functionNames } from "../../cdk/bundles.ts";
import { resourcesOf, root, synthesise } from "./support.ts";

interface Operation {
  readonly "x-perch-function": string;
  readonly security: readonly { readonly oauth2: readonly string[] }[];
}

/** The document itself, not what is generated from it for the gateway. */
const document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly "x-perch-default-function": string;
} = JSON.parse(readFileSync(join(root, ".generated", "openapi.json"), "utf8"));

const assembly = synthesise("production");
const routes = [...resourcesOf(assembly, "AWS::ApiGatewayV2::Route").values()].map(({ properties }) => properties);
const functions = resourcesOf(assembly, "AWS::Lambda::Function");
const integrations = resourcesOf(assembly, "AWS::ApiGatewayV2::Integration");
const permissions = [...resourcesOf(assembly, "AWS::Lambda::Permission").values()].map(({ properties }) => properties);

const targetOf = (target: unknown) =>
  integrations.get(String(target).replace("integrations/", ""))?.properties["IntegrationUri"];

/** Of a path where one function answers whatever comes there is one route, for all methods. */
const operations = Object.entries(document.paths).flatMap(([path, { "x-perch-any": any, ...methods }]) =>
  Object.entries(methods)
    .filter(([method]) => method !== "parameters")
    .slice(0, any === undefined ? undefined : 1)
    .map(([method, operation]) => ({
      ...operation,
      routeKey: any === undefined ? `${method.toUpperCase()} ${path}` : `ANY ${String(any)}`,
    })),
);

describe("the gateway", () => {
  it("has one route for each operation of the document, with its scopes, and one for everything else", () => {
    const documented = operations.map((operation) => ({
      routeKey: operation.routeKey,
      target: `${operation["x-perch-function"]}/Live`,
      // A token must have one of the scopes: more than one requirement would be an "or" that nobody meant.
      scopes: operation.security.flatMap(({ oauth2 }) => oauth2),
    }));
    const fallback = { routeKey: "$default", target: `${document["x-perch-default-function"]}/Live`, scopes: [] };
    const found = routes.map((route) => ({
      routeKey: route["RouteKey"],
      target: targetOf(route["Target"]),
      scopes: route["AuthorizationScopes"] ?? [],
    }));
    const byKey = (a: { readonly routeKey: unknown }, b: { readonly routeKey: unknown }) =>
      String(a.routeKey).localeCompare(String(b.routeKey));
    expect(found.toSorted(byKey)).toEqual([...documented, fallback].toSorted(byKey));
  });

  it("checks a JWT of the platform's own pool and client wherever the document asks for one, and nowhere else", () => {
    const open = operations.filter(({ security }) => security.length === 0).map(({ routeKey }) => routeKey);
    for (const { RouteKey: routeKey, AuthorizationType: type, AuthorizerId: authorizer } of routes) {
      const isOpen = routeKey === "$default" || open.includes(String(routeKey));
      expect([routeKey, type, authorizer]).toEqual([routeKey, isOpen ? "NONE" : "JWT", isOpen ? undefined : "Api/Jwt"]);
    }
    const authorizers = resourcesOf(assembly, "AWS::ApiGatewayV2::Authorizer");
    expect([...authorizers.keys()]).toEqual(["Api/Jwt"]);
    expect(authorizers.get("Api/Jwt")?.properties).toMatchObject({
      AuthorizerType: "JWT",
      IdentitySource: ["$request.header.Authorization"],
      JwtConfiguration: {
        Audience: ["BackendClients/Pool/Backend"],
        Issuer: "https://cognito-idp.AWS::Region.amazonaws.com/BackendClients/Pool",
      },
    });
  });

  it("may invoke the functions of its routes, for their routes", () => {
    const allowed = permissions
      .filter((permission) => permission["Principal"] === "apigateway.amazonaws.com")
      .map((permission) => [
        permission["FunctionName"],
        permission["Action"],
        String(permission["SourceArn"]).replace(/^.*:AWS::AccountId:Api\/\*\/\*\/?/, ""),
      ]);
    const expected = routes.map((route) => [
      targetOf(route["Target"]),
      "lambda:InvokeFunction",
      // What `$default` takes has no path of its own.
      String(route["RouteKey"])
        .replace("$default", "")
        .replace(/^[A-Z]+ \//, ""),
    ]);
    expect(allowed.toSorted()).toEqual(expected.toSorted());
  });

  it("is all that invokes a function, save the schedules of the sweeps and what tells of lost rosters; the rest reads streams and queues itself", () => {
    const others = permissions.filter((permission) => permission["Principal"] !== "apigateway.amazonaws.com");
    const scheduled = { Action: "lambda:InvokeFunction", Principal: "events.amazonaws.com" };
    expect(others).toMatchObject([
      { ...scheduled, FunctionName: "sweep-due/Function", SourceArn: "SweepDue" },
      { ...scheduled, FunctionName: "sweep-checks/Function", SourceArn: "Checks/Sweep" },
      { ...scheduled, FunctionName: "reconcile-roster/Live", SourceArn: "Rosters/Lost" },
    ]);
    const reachable = new Set(routes.map((route) => String(targetOf(route["Target"])).replace("/Live", "/Function")));
    expect([...functions.keys()].filter((name) => !reachable.has(name)).toSorted()).toEqual([
      "check-connection/Function",
      "drive-deletion/Function",
      "drive-disconnect/Function",
      "exchange-authorization-code/Function",
      "publish-events/Function",
      "read-employers/Function",
      "read-roster-page/Function",
      "receive-report/Function",
      "reconcile-roster/Function",
      "sweep-checks/Function",
      "sweep-due/Function",
      "try-connections/Function",
    ]);
  });

  it("logs the route's key and the outcome: no path, no query, no address, nothing of the browser", () => {
    const stage = resourcesOf(assembly, "AWS::ApiGatewayV2::Stage").get("Gateway/Stage")?.properties;
    expect(stage?.["AccessLogSettings"]).toEqual({ DestinationArn: "Gateway/AccessLog", Format: expect.any(String) });
    const settings = stage?.["AccessLogSettings"] as { readonly Format: string } | undefined;
    expect(Object.values(JSON.parse(settings?.Format ?? ""))).toEqual([
      "$context.requestId",
      "$context.routeKey",
      "$context.status",
      "$context.responseLength",
      "$context.responseLatency",
      "$context.integration.status",
      "$context.authorizer.error",
    ]);
  });

  it("limits every route: those that are open to everybody, that hand out tokens, and that lead to Finch, to less", () => {
    const stage = resourcesOf(assembly, "AWS::ApiGatewayV2::Stage").get("Gateway/Stage");
    expect(stage?.properties["DefaultRouteSettings"]).toEqual({ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 });
    const open = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };
    const finch = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 50 };
    const connection = "/v1/customers/{customer_id}/connections";
    expect(stage?.properties["RouteSettings"]).toEqual({
      ...Object.fromEntries(
        operations.filter(({ security }) => security.length === 0).map(({ routeKey }) => [routeKey, open]),
      ),
      $default: open,
      "POST /webhooks/finch": { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 500 },
      "POST /v1/customers/{customer_id}/connect-sessions": finch,
      [`POST ${connection}`]: finch,
      [`ANY ${connection}/{connection_id}/finch/{path+}`]: finch,
      [`POST ${connection}/{connection_id}/access-token`]: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 50 },
      [`POST ${connection}/{connection_id}/reauthenticate-sessions`]: finch,
      [`POST ${connection}/{connection_id}/introspect`]: finch,
      "POST /page/connect-sessions": finch,
      "POST /page/connections/{connection_id}/reauthenticate-sessions": finch,
    });
    // Settings of a route that is not there yet fail the deploy: those of another stack have the usual ones.
    const routesHere = assembly.resources.filter(
      ({ stack, type }) => stack === "PerchApi" && type === "AWS::ApiGatewayV2::Route",
    );
    expect(stage?.dependsOn).toEqual(expect.arrayContaining(routesHere.map(({ name }) => name)));
    const elsewhere = routes.filter(({ RouteKey }) => String(RouteKey).includes("/employee"));
    expect(routes).toHaveLength(routesHere.length + elsewhere.length);
  });
});

describe("functions", () => {
  // It is there where tokens are kept in secrets only: the test of that store looks at it.
  const names = functionNames().filter((name) => name !== "sweep-secrets");

  it("are the folders under functions/, one for each", () => {
    expect([...functions.keys()].toSorted()).toEqual(names.map((name) => `${name}/Function`).toSorted());
  });

  it.each(names)("%s has the variables that it reads, and no others", (name) => {
    const source = readFileSync(join(root, "functions", name, "index.ts"), "utf8");
    const read = /readEnvironment\(([^;]*)\);/.exec(source)?.[1]?.match(/[A-Z][A-Z_]+/g) ?? [];
    const environment = functions.get(`${name}/Function`)?.properties["Environment"] as
      | { readonly Variables: object }
      | undefined;
    expect(Object.keys(environment?.Variables ?? {}).toSorted()).toEqual(read.toSorted());
  });

  it("end before the gateway gives up on them, where it waits; the exchange outlives Finch's own limit", () => {
    const others: Readonly<Record<string, number>> = {
      "exchange-authorization-code": 420,
      "publish-events": 60,
      "sweep-due": 240,
      "drive-deletion": 300,
      "read-employers": 720,
      "read-roster-page": 600,
      "reconcile-roster": 900,
      "drive-disconnect": 300,
      "check-connection": 300,
      "receive-report": 60,
      "sweep-checks": 300,
      "try-connections": 60,
    };
    for (const [name, { properties }] of functions) {
      expect([name, properties["Timeout"]]).toEqual([name, others[name.replace("/Function", "")] ?? 29]);
    }
  });

  it("that call Finch for somebody have a few places of their own, and no more; of 1,000 most stay for all others", () => {
    const reserved = [...functions.values()].flatMap(({ name, properties }) => {
      const places = properties["ReservedConcurrentExecutions"];
      return places === undefined ? [] : [[name.replace("/Function", ""), Number(places)] as const];
    });
    expect(Object.fromEntries(reserved)).toEqual({
      "exchange-authorization-code": 20,
      "create-connect-session": 10,
      "create-reauthenticate-session": 5,
      "create-connection": 10,
      "introspect-connection": 10,
      "start-page-connect": 10,
    });
    const without = synthesise("production", { context: { reserveConcurrency: "off" } });
    const left = [...resourcesOf(without, "AWS::Lambda::Function").values()].filter(
      ({ properties }) => properties["ReservedConcurrentExecutions"] !== undefined,
    );
    expect(left).toEqual([]);
  });

  it("write to log groups of their own, on Node 24", () => {
    for (const [name, { properties }] of functions) {
      expect(properties).toMatchObject({
        Runtime: "nodejs24.x",
        LoggingConfig: { LogFormat: "JSON", LogGroup: name.replace("/Function", "/Log") },
      });
    }
  });
});
