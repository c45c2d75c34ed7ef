import { Duration, Stack, type StackProps, Validations } from "aws-cdk-lib";
import { HttpMethod, HttpRoute, HttpRouteKey } from "aws-cdk-lib/aws-apigatewayv2";
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
    const { data, stage } = props;
    const { table, tokenKey, finch } = data;
    const create = (name: string, options: { readonly timeout?: Duration } = {}) =>
      new ApiFunction(this, name, { name, bundles: props.bundles, ...options });

    create("get-health");
    create("get-openapi");
    create("answer-unknown-path");

    const putCustomer = create("put-customer");
    table.letWriteCustomers(putCustomer.fn);
    putCustomer.fn.addEnvironment("DEFAULT_CUSTOMER_MODE", stage.defaultCustomerMode);
    const getCustomer = create("get-customer");
    table.letReadCustomers(getCustomer.fn);

    const createSession = create("create-connect-session");
    table.letReadCustomers(createSession.fn);
    table.letCreateSessions(createSession.fn);
    finch.letAuthenticate(createSession.fn);
    createSession.fn.addEnvironment("PUBLIC_URL", data.publicUrl);
    createSession.fn.addEnvironment("RETURN_ORIGINS", stage.returnOrigins.join(","));
    table.letReadSessions(create("get-connect-session").fn);
    table.letReadSessions(create("get-connect-pending").fn);
    const openConnect = create("open-connect");
    table.letReadSessions(openConnect.fn);
    table.letUpdateSessions(openConnect.fn);

    // Finch's own limit on a request is 6 minutes; who sends a code must live to store what comes back.
    const exchange = create("exchange-authorization-code", { timeout: Duration.minutes(7) });
    table.letClaimConnections(exchange.fn);
    tokenKey.letSeal(exchange.fn);
    finch.letAuthenticate(exchange.fn);
    exchange.fn.addEnvironment("FINCH_CLIENT_TYPE", stage.finchClientType);
    exchange.fn.addEnvironment("PUBLIC_URL", data.publicUrl);
    const receiveCallback = create("receive-connect-callback");
    table.letReadSessions(receiveCallback.fn);
    table.letUpdateSessions(receiveCallback.fn);
    exchange.letInvoke(receiveCallback, "EXCHANGE_FUNCTION_NAME");

    const listConnections = create("list-connections");
    table.letListConnections(listConnections.fn);
    table.letReadCustomers(listConnections.fn);
    table.letReadCustomers(create("get-connection").fn);
    const introspect = create("introspect-connection");
    table.letIntrospectConnections(introspect.fn);
    tokenKey.letOpen(introspect.fn);
    finch.letReach(introspect.fn);

    this.#addRoutes(props);
  }

  /** Puts each operation of the OpenAPI document before its function, with the scopes that it asks for. */
  #addRoutes({ data, routes }: ConnectionApiStackProps) {
    const authorizer = new HttpJwtAuthorizer("Jwt", data.backends.issuer, {
      jwtAudience: [data.backends.client.userPoolClientId],
    });
    for (const { method, path, function: name, scopes } of routes) {
      const target = this.node.findChild(name);
      if (!(target instanceof ApiFunction)) throw new Error(`no function ${name} for ${method} ${path}`);
      const route = new HttpRoute(this, `${method} ${path}`, {
        httpApi: data.api,
        routeKey: path === "$default" ? HttpRouteKey.DEFAULT : HttpRouteKey.with(path, readMethod(method)),
        integration: new HttpLambdaIntegration("Integration", target.fn),
        ...(scopes.length > 0 && { authorizer, authorizationScopes: [...scopes] }),
      });
      if (scopes.length === 0) {
        Validations.of(route).acknowledge({
          id: "AwsSolutions-APIG4",
          reason:
            "Open to everybody by the OpenAPI document; what needs a cookie, a ticket or a state asks for it itself.",
        });
      }
    }
  }
}

const readMethod = (method: string): HttpMethod => {
  const known = Object.values(HttpMethod).find((each) => each === method);
  if (known === undefined) throw new Error(`the gateway knows no method ${method}`);
  return known;
};
