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

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => method !== "parameters")
    .map(([method, operation]) => ({ routeKey: `${method.toUpperCase()} ${path}`, ...operation })),
);

describe("the gateway", () => {
  it("has one route for each operation of the document, with its scopes, and one for everything else", () => {
    const documented = operations.map((operation) => ({
      routeKey: operation.routeKey,
      target: `${operation["x-perch-function"]}/Function`,
      // A token must have one of the scopes: more than one requirement would be an "or" that nobody meant.
      scopes: operation.security.flatMap(({ oauth2 }) => oauth2),
    }));
    const fallback = { routeKey: "$default", target: `${document["x-perch-default-function"]}/Function`, scopes: [] };
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

  it("may invoke the functions of its routes, for their routes; nobody may invoke another", () => {
    const allowed = permissions.map((permission) => [
      permission["FunctionName"],
      permission["Action"],
      permission["Principal"],
      String(permission["SourceArn"]).replace(/^.*:AWS::AccountId:Api\/\*\/\*\/?/, ""),
    ]);
    const expected = routes.map((route) => [
      targetOf(route["Target"]),
      "lambda:InvokeFunction",
      "apigateway.amazonaws.com",
      // What `$default` takes has no path of its own.
      String(route["RouteKey"])
        .replace("$default", "")
        .replace(/^[A-Z]+ \//, ""),
    ]);
    expect(allowed.toSorted()).toEqual(expected.toSorted());
    const reachable = new Set(allowed.map(([name]) => name));
    expect([...functions.keys()].filter((name) => !reachable.has(name))).toEqual([
      "exchange-authorization-code/Function",
    ]);
  });

  it("logs the route's key and the outcome: no path, no query, no address, nothing of the browser", () => {
    const stage = resourcesOf(assembly, "AWS::ApiGatewayV2::Stage").get("Api/DefaultStage")?.properties;
    expect(stage?.["AccessLogSettings"]).toEqual({ DestinationArn: "AccessLog", Format: expect.any(String) });
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

  it("limits every route", () => {
    const stage = resourcesOf(assembly, "AWS::ApiGatewayV2::Stage").get("Api/DefaultStage")?.properties;
    expect(stage?.["DefaultRouteSettings"]).toEqual({ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 });
  });
});

describe("functions", () => {
  // It is there where tokens are kept in secrets only: the test of that store looks at it.
  const names = functionNames().filter((name) => name !== "sweep-secrets");

  it("are the folders under functions/, one for each", () => {
    expect([...functions.keys()].toSorted()).toEqual(names.map((name) => `${name}/Function`));
  });

  it.each(names)("%s has the variables that it reads, and no others", (name) => {
    const source = readFileSync(join(root, "functions", name, "index.ts"), "utf8");
    const read = /readEnvironment\(([^;]*)\);/.exec(source)?.[1]?.match(/[A-Z][A-Z_]+/g) ?? [];
    const environment = functions.get(`${name}/Function`)?.properties["Environment"] as
      | { readonly Variables: object }
      | undefined;
    expect(Object.keys(environment?.Variables ?? {}).toSorted()).toEqual(read.toSorted());
  });

  it("end before the gateway gives up on them, save the exchange, which outlives Finch's own limit", () => {
    for (const [name, { properties }] of functions) {
      const isExchange = name === "exchange-authorization-code/Function";
      expect([name, properties["Timeout"]]).toEqual([name, isExchange ? 420 : 29]);
    }
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
