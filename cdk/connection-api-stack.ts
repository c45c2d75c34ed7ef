import { Stack, type StackProps } from "aws-cdk-lib";
import { type HttpMethod, HttpRoute, HttpRouteKey } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Construct } from "constructs";
import type { ConnectionDataStack } from "./connection-data-stack.ts";
import { ApiFunction } from "./constructs/api-function.ts";
import type { Route } from "./routes.ts";
import type { Stage } from "./stages.ts";

/** What the API stack is made from. */
export interface ConnectionApiStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: ConnectionDataStack;
  readonly routes: readonly Route[];
  /** The folder that holds the functions' bundles. */
  readonly bundles: string;
}

/** What may be rebuilt at any time: functions, their permissions and the routes to them. */
export class ConnectionApiStack extends Stack {
  constructor(scope: Construct, id: string, props: ConnectionApiStackProps) {
    super(scope, id, props);
    const { data, routes, bundles } = props;
    const health = new ApiFunction(this, "GetHealth", { name: "get-health", bundles, description: "GET /health" });
    const byName: Record<string, ApiFunction> = { "get-health": health };
    const authorizer = new HttpJwtAuthorizer("Jwt", data.backends.issuer, {
      jwtAudience: [data.backends.client.userPoolClientId],
    });
    for (const route of routes) {
      const target = byName[route.function];
      if (target === undefined) continue;
      new HttpRoute(this, `${route.method} ${route.path}`, {
        httpApi: data.api,
        routeKey: HttpRouteKey.with(route.path, route.method as HttpMethod),
        integration: new HttpLambdaIntegration("Integration", target.fn),
        ...(route.scopes.length > 0 && { authorizer, authorizationScopes: [...route.scopes] }),
      });
    }
  }
}
