import { RemovalPolicy } from "aws-cdk-lib";
import { ApiMapping, CfnStage, type DomainName, HttpStage } from "aws-cdk-lib/aws-apigatewayv2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { retention } from "../../shared/retention.ts";
import { throttleOf, usualThrottle } from "../limits.ts";
import type { Route } from "../routes.ts";
import { addGatewayRoutes, type GatewayRoutesProps } from "./gateway-routes.ts";

/** What the gateway is made from. */
export interface GatewayProps extends GatewayRoutesProps {
  readonly domain: DomainName | undefined;
}

/**
 * What the API lets through: the routes of the OpenAPI document with their scopes, their limits, and the log of who came.
 * The stage is here and not beside the API, since its limits name routes, which have to be there before.
 */
export class Gateway extends Construct {
  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const routes = addGatewayRoutes(this, props);
    const stage = new HttpStage(this, "Stage", { httpApi: props.api, stageName: "$default", autoDeploy: true });
    this.#limit(stage, props.routes);
    this.#logAccess(stage);
    stage.node.addDependency(...routes);
    if (props.domain !== undefined) {
      new ApiMapping(this, "Domain", { api: props.api, domainName: props.domain, stage }).node.addDependency(stage);
    }
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
