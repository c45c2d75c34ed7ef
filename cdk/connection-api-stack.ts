import { Duration, Stack, type StackProps, Validations } from "aws-cdk-lib";
import { HttpMethod, HttpRoute, HttpRouteKey } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget, SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { ConnectionDataStack } from "./connection-data-stack.ts";
import { ApiFunction } from "./constructs/api-function.ts";
import { WorkQueue } from "./constructs/work-queue.ts";
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
    this.#addCustomers(props);
    const exchange = this.#addExchange(props);
    this.#addSessions(props, exchange);
    this.#addConnections(props, exchange);
    this.#addBackground(props);
    if (props.stage.tokenStore === "secrets-manager") this.#addSecretSweep(props);
    for (const name of ["get-health", "get-openapi", "answer-unknown-path"]) this.#create(props, name);
    this.#addRoutes(props);
  }

  #create({ bundles }: ConnectionApiStackProps, name: string, timeout?: Duration): ApiFunction {
    return new ApiFunction(this, name, { name, bundles, ...(timeout && { timeout }) });
  }

  #addCustomers(props: ConnectionApiStackProps) {
    const { table } = props.data;
    const putCustomer = this.#create(props, "put-customer");
    table.letWriteCustomers(putCustomer.fn);
    putCustomer.fn.addEnvironment("DEFAULT_CUSTOMER_MODE", props.stage.defaultCustomerMode);
    table.letReadCustomers(this.#create(props, "get-customer").fn);
    table.letReadLedger(this.#create(props, "list-customers").fn);
  }

  #addExchange(props: ConnectionApiStackProps): ApiFunction {
    const { table, tokenStore, finch, publicUrl } = props.data;
    // Finch's own limit on a request is 6 minutes; who sends a code must live to store what comes back.
    const exchange = this.#create(props, "exchange-authorization-code", Duration.minutes(7));
    table.letClaimConnections(exchange.fn);
    tokenStore.letSeal(exchange.fn);
    finch.letAuthenticate(exchange.fn);
    exchange.fn.addEnvironment("FINCH_CLIENT_TYPE", props.stage.finchClientType);
    exchange.fn.addEnvironment("PUBLIC_URL", publicUrl);
    return exchange;
  }

  #addSessions(props: ConnectionApiStackProps, exchange: ApiFunction) {
    const { table, finch, publicUrl } = props.data;
    for (const name of ["create-connect-session", "create-reauthenticate-session"]) {
      const { fn } = this.#create(props, name);
      table.letReadCustomers(fn);
      table.letCreateSessions(fn);
      finch.letAuthenticate(fn);
      fn.addEnvironment("PUBLIC_URL", publicUrl);
      fn.addEnvironment("RETURN_ORIGINS", props.stage.returnOrigins.join(","));
    }
    table.letReadSessions(this.#create(props, "get-connect-session").fn);
    table.letReadSessions(this.#create(props, "get-connect-pending").fn);
    const listSessions = this.#create(props, "list-connect-sessions");
    table.letReadLedger(listSessions.fn);
    table.letReadCustomers(listSessions.fn);
    const open = this.#create(props, "open-connect");
    const callback = this.#create(props, "receive-connect-callback");
    const cancel = this.#create(props, "cancel-connect-session");
    for (const { fn } of [open, callback, cancel]) {
      table.letReadSessions(fn);
      table.letUpdateSessions(fn);
    }
    exchange.letInvoke(callback, "EXCHANGE_FUNCTION_NAME");
  }

  #addConnections(props: ConnectionApiStackProps, exchange: ApiFunction) {
    const { table, tokenStore, finch } = props.data;
    const create = this.#create(props, "create-connection");
    exchange.letInvoke(create, "EXCHANGE_FUNCTION_NAME");
    table.letImportConnections(create.fn);
    tokenStore.letSeal(create.fn);
    finch.letAuthenticate(create.fn);
    create.fn.addEnvironment("FINCH_CLIENT_TYPE", props.stage.finchClientType);
    const list = this.#create(props, "list-connections");
    table.letListConnections(list.fn);
    table.letReadCustomers(list.fn);
    table.letReadCustomers(this.#create(props, "get-connection").fn);
    table.letLabelConnections(this.#create(props, "update-connection").fn);
    table.letAcceptConnections(this.#create(props, "accept-connection").fn);
    const remove = this.#create(props, "delete-connection");
    table.letDiscardConnections(remove.fn);
    tokenStore.letDestroy(remove.fn);
    const introspect = this.#create(props, "introspect-connection");
    table.letIntrospectConnections(introspect.fn);
    tokenStore.letOpen(introspect.fn);
    tokenStore.letDestroy(introspect.fn);
    finch.letReach(introspect.fn);
  }

  /** What runs without a request: the outbox, what has fallen due, and the disconnects. */
  #addBackground(props: ConnectionApiStackProps) {
    const { table, tokenStore, finch, hashKey, bus } = props.data;
    const publish = this.#create(props, "publish-events", Duration.minutes(1));
    table.letPublish(publish.fn);
    Validations.of(publish.fn).acknowledge({
      id: "Serverless-LambdaEventSourceMappingDestination",
      reason: "An event that the stream does not bring out stays in the outbox, and the sweep publishes it.",
    });
    const sweep = this.#create(props, "sweep-due", Duration.minutes(4));
    table.letSweep(sweep.fn);
    for (const { fn } of [publish, sweep]) {
      fn.addEnvironment("BUS_NAME", bus.eventBusName);
      fn.addToRolePolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [bus.eventBusArn] }));
    }
    const workerTimeout = Duration.minutes(5);
    const drive = this.#create(props, "drive-disconnect", workerTimeout);
    table.letDriveDisconnects(drive.fn);
    tokenStore.letOpen(drive.fn);
    tokenStore.letDestroy(drive.fn);
    finch.letReach(drive.fn);
    hashKey.letHash(drive.fn);
    const disconnects = new WorkQueue(this, "Disconnects", { worker: drive.fn, workerTimeout });
    disconnects.letSend(sweep.fn, "DISCONNECT_QUEUE_URL");
    const everyFiveMinutes = new Rule(this, "SweepDue", {
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaTarget(sweep.fn, { retryAttempts: 0 })],
    });
    Validations.of(everyFiveMinutes).acknowledge({
      id: "Serverless-EventBusDLQ",
      reason: "What a lost run did not get to is still due at the next one.",
    });
  }

  /** Once a day, and as often again as it takes to get through: secrets that no token's item names are removed. */
  #addSecretSweep(props: ConnectionApiStackProps) {
    const { table, tokenStore } = props.data;
    const workerTimeout = Duration.minutes(15);
    const sweep = this.#create(props, "sweep-secrets", workerTimeout);
    table.letReadTokens(sweep.fn);
    tokenStore.letSweep(sweep.fn);
    sweep.fn.addEnvironment("SWEEP_SECRETS", props.stage.sweepSecrets);
    const runs = new WorkQueue(this, "SecretSweeps", { worker: sweep.fn, workerTimeout });
    runs.letSend(sweep.fn, "SWEEP_SECRETS_QUEUE_URL");
    new Rule(this, "SweepSecrets", {
      schedule: Schedule.rate(Duration.days(1)),
      targets: [
        new SqsQueue(runs.queue, { message: RuleTargetInput.fromObject({}), deadLetterQueue: runs.deadLetters }),
      ],
    });
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
