import { RemovalPolicy, Validations } from "aws-cdk-lib";
import {
  ApiMapping,
  CfnStage,
  type DomainName,
  type HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { retention } from "../../shared/retention.ts";
import { throttleOf, usualThrottle } from "../limits.ts";
import type { Route } from "../routes.ts";
import type { Jwt } from "../stages.ts";

/** What the gateway is made from. */
export interface GatewayProps {
  readonly api: HttpApi;
  readonly domain: DomainName | undefined;
  readonly routes: readonly Route[];
  /** Whose tokens it accepts. */
  readonly jwt: Jwt;
  /** The function of this name, as it is invoked. @throws Error if there is none. */
  readonly find: (name: string) => IFunction;
}

/**
 * What the API lets through: the routes of the OpenAPI document with their scopes, their limits, and the log of who came.
 * The stage is here and not beside the API, since its limits name routes, which have to be there before.
 */
export class Gateway extends Construct {
  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const routes = this.#addRoutes(props);
    const stage = new HttpStage(this, "Stage", { httpApi: props.api, stageName: "$default", autoDeploy: true });
    this.#limit(stage, props.routes);
    this.#logAccess(stage);
    stage.node.addDependency(...routes);
    if (props.domain !== undefined) {
      new ApiMapping(this, "Domain", { api: props.api, domainName: props.domain, stage }).node.addDependency(stage);
    }
  }

  /** Puts each operation of the OpenAPI document before its function, with the scopes that it asks for. */
  #addRoutes({ api, routes, jwt, find }: GatewayProps): HttpRoute[] {
    const authorizer = new HttpJwtAuthorizer("Jwt", jwt.issuer, { jwtAudience: [...jwt.audience] });
    return routes.map(({ method, path, function: name, scopes }) => {
      const route = new HttpRoute(this, `${method} ${path}`, {
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
  }

  /** Limits every route, and some of them to less. */
  #limit(stage: HttpStage, routes: readonly Route[]) {
    const own = routes.flatMap((route) => {
      const throttle = throttleOf(route);
      const key = route.path === "$default" ? "$default" : `${route.method} ${route.path}`;
      if (throttle === undefined) return [];
      // A plain object: the CDK takes it as it is, in CloudFormation's own spelling.
      return [[key, { ThrottlingRateLimit: throttle.rate, ThrottlingBurstLimit: throttle.burst }]];
    });
    const resource = resourceOf(stage);
    resource.defaultRouteSettings = {
      throttlingRateLimit: usualThrottle.rate,
      throttlingBurstLimit: usualThrottle.burst,
    };
    resource.routeSettings = Object.fromEntries(own);
  }

  /**
   * Access logs carry the route's key, never the path or the query, which hold tickets, codes and states, and nothing of the
   * browser.
   */
  #logAccess(stage: HttpStage) {
    const log = new LogGroup(this, "AccessLog", {
      retention: retention.logDays,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    resourceOf(stage).accessLogSettings = {
      destinationArn: log.logGroupArn,
      format: JSON.stringify({
        request_id: "$context.requestId",
        route_key: "$context.routeKey",
        http_status: "$context.status",
        response_length: "$context.responseLength",
        latency_ms: "$context.responseLatency",
        integration_error: "$context.integration.status",
        authorizer_error: "$context.authorizer.error",
      }),
    };
  }
}

const resourceOf = (stage: HttpStage): CfnStage => {
  const resource = stage.node.defaultChild;
  if (!(resource instanceof CfnStage)) throw new Error("the HTTP API's stage is no stage");
  return resource;
};

const readMethod = (method: string): HttpMethod => {
  const known = Object.values(HttpMethod).find((each) => each === method);
  if (known === undefined) throw new Error(`the gateway knows no method ${method}`);
  return known;
};
