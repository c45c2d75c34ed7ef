import { Validations } from "aws-cdk-lib";
import { type HttpApi, HttpMethod, HttpRoute, HttpRouteKey } from "aws-cdk-lib/aws-apigatewayv2";
import type { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { Route } from "../routes.ts";
import type { Jwt } from "../stages.ts";

/** Routes of the API, and what answers them. */
export interface GatewayRoutesProps {
  readonly api: HttpApi;
  readonly routes: readonly Route[];
  /** Whose tokens the gateway accepts. */
  readonly jwt: Jwt;
  /** The one authorizer that the API has for these tokens. */
  readonly authorizer: HttpJwtAuthorizer;
  /** The function of this name, as it is invoked. @throws Error if there is none. */
  readonly find: (name: string) => IFunction;
}

/** Puts operations of the OpenAPI document before their functions, each with the scopes that it asks for. */
export const addGatewayRoutes = (
  scope: Construct,
  { api, routes, jwt, authorizer, find }: GatewayRoutesProps,
): HttpRoute[] => {
  return routes.map(({ method, path, function: name, scopes }) => {
    const route = new HttpRoute(scope, `${method} ${path}`, {
      httpApi: api,
      routeKey: path === "$default" ? HttpRouteKey.DEFAULT : HttpRouteKey.with(path, readMethod(method)),
      integration: new HttpLambdaIntegration("Integration", find(name)),
      ...(scopes.length > 0 && {
        authorizer,
        authorizationScopes: scopes.map((each) => each.replace(/^perch\//, jwt.scopePrefix)),
      }),
    });
    if (scopes.length === 0) {
      Validations.of(route).acknowledge({
        id: "AwsSolutions-APIG4",
        reason:
          "Open to everybody by the OpenAPI document; what needs a cookie, a ticket or a state asks for it itself.",
      });
    }
    return route;
  });
};

const readMethod = (method: string): HttpMethod => {
  const known = Object.values(HttpMethod).find((each) => each === method);
  if (known === undefined) throw new Error(`the gateway knows no method ${method}`);
  return known;
};
