import { CfnOutput, RemovalPolicy, Stack, type StackProps, Tags } from "aws-cdk-lib";
import { CfnStage, HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { EventBus } from "aws-cdk-lib/aws-events";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { BackendClients } from "./constructs/backend-clients.ts";
import { ConnectionTable } from "./constructs/connection-table.ts";
import { FinchApplication } from "./constructs/finch-application.ts";
import { HashKey } from "./constructs/hash-key.ts";
import { TokenKey } from "./constructs/token-key.ts";
import { TokenStore } from "./constructs/token-store.ts";
import type { Stage } from "./stages.ts";

/** What must outlive a deploy: the stored connections, the keys to them, and the addresses that others hold. */
export class ConnectionDataStack extends Stack {
  readonly table: ConnectionTable;
  readonly tokenKey: TokenKey;
  readonly tokenStore: TokenStore;
  readonly finch: FinchApplication;
  readonly hashKey: HashKey;
  readonly bus: EventBus;
  readonly backends: BackendClients;
  readonly api: HttpApi;
  /** Where browsers, backends and Finch reach this deployment; no trailing slash. */
  readonly publicUrl: string;

  constructor(scope: Construct, id: string, props: StackProps & { readonly stage: Stage }) {
    super(scope, id, props);
    const { stage } = props;
    this.table = new ConnectionTable(this, "ConnectionTable");
    this.tokenKey = new TokenKey(this, "TokenKey");
    this.tokenStore = new TokenStore(this, "TokenStore", { stage, key: this.tokenKey });
    this.finch = new FinchApplication(this, "FinchApplication", stage);
    this.hashKey = new HashKey(this, "HashKey", stage);
    this.bus = new EventBus(this, "Bus", { eventBusName: `perch-${stage.name}` });
    this.bus.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.backends = new BackendClients(this, "BackendClients", stage);
    this.api = new HttpApi(this, "Api", { apiName: `perch-${stage.name}`, createDefaultStage: true });
    // Finch's registered redirect address and the platform's configuration hang on the API's id.
    this.api.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.api.defaultStage?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    // Read by emulators, which make random ids; AWS takes it for an ordinary tag.
    if (!stage.onAws) Tags.of(this.api).add("ms-custom-id", "9e4c4001");
    this.#setUpGateway();
    this.publicUrl = stage.publicUrl ?? this.api.apiEndpoint;

    const outputs = {
      ApiId: this.api.apiId,
      ApiUrl: this.publicUrl,
      TokenUrl: `${this.backends.domain.baseUrl()}/oauth2/token`,
      UserPoolId: this.backends.pool.userPoolId,
      BackendClientId: this.backends.client.userPoolClientId,
      Scopes: this.backends.scopes.join(" "),
      FinchSecretArn: this.finch.secret.secretArn,
      RedirectUri: `${this.publicUrl}/connect/callback`,
      TableName: this.table.table.tableName,
      TokenKeyArn: this.tokenKey.key.keyArn,
      BusName: this.bus.eventBusName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  /**
   * Limits each route, and logs access. Access logs carry the route's key, never the path or the query, which hold tickets,
   * codes and states, and nothing of the browser.
   */
  #setUpGateway() {
    const log = new LogGroup(this, "AccessLog", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const defaultStage = this.api.defaultStage?.node.defaultChild;
    if (!(defaultStage instanceof CfnStage)) throw new Error("the HTTP API has no default stage");
    // Per route, so that a flood leaves something of the account's 10,000 requests a second to its other APIs.
    defaultStage.defaultRouteSettings = { throttlingRateLimit: 500, throttlingBurstLimit: 1000 };
    defaultStage.accessLogSettings = {
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
