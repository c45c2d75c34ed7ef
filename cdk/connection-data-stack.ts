import { CfnOutput, RemovalPolicy, Stack, type StackProps, Tags } from "aws-cdk-lib";
import { DomainName, HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { EventBus } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import { BackendClients } from "./constructs/backend-clients.ts";
import { ConnectionTable } from "./constructs/connection-table.ts";
import { DeadLetters } from "./constructs/dead-letters.ts";
import { FinchApplication } from "./constructs/finch-application.ts";
import { HashKey } from "./constructs/hash-key.ts";
import { RosterPages } from "./constructs/roster-pages.ts";
import { TokenKey } from "./constructs/token-key.ts";
import { TokenStore } from "./constructs/token-store.ts";
import type { Jwt, Stage } from "./stages.ts";

/** What must outlive a deploy: the stored connections, the keys to them, and the addresses that others hold. */
export class ConnectionDataStack extends Stack {
  readonly table: ConnectionTable;
  readonly tokenKey: TokenKey;
  readonly tokenStore: TokenStore;
  readonly finch: FinchApplication;
  readonly hashKey: HashKey;
  readonly bus: EventBus;
  readonly deadLetters: DeadLetters;
  readonly rosterPages: RosterPages;
  readonly jwt: Jwt;
  /** What checks the tokens of whoever calls; it belongs to the API, whichever stack has a route. */
  readonly authorizer: HttpJwtAuthorizer;
  readonly api: HttpApi;
  /** The API's own domain; without one, others answer for `publicUrl`, or the API has its own address. */
  readonly domain: DomainName | undefined;
  /** Where browsers, backends and Finch reach this deployment; no trailing slash. */
  readonly publicUrl: string;

  constructor(scope: Construct, id: string, props: StackProps & { readonly stage: Stage }) {
    super(scope, id, props);
    const { stage } = props;
    this.table = new ConnectionTable(this, "ConnectionTable");
    this.tokenKey = new TokenKey(this, "TokenKey");
    this.tokenStore = new TokenStore(this, "TokenStore", { stage, key: this.tokenKey });
    this.finch = new FinchApplication(this, "FinchApplication", stage, this.table);
    this.hashKey = new HashKey(this, "HashKey", stage);
    this.bus = new EventBus(this, "Bus", { eventBusName: `perch-${stage.name}` });
    this.bus.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.deadLetters = new DeadLetters(this, "DeadLetters", stage);
    this.rosterPages = new RosterPages(this, "RosterPages", stage);
    const backends = stage.jwt ?? new BackendClients(this, "BackendClients", stage);
    this.jwt = backends instanceof BackendClients ? backends.jwt : backends;
    this.authorizer = new HttpJwtAuthorizer("Jwt", this.jwt.issuer, { jwtAudience: [...this.jwt.audience] });
    this.api = new HttpApi(this, "Api", { apiName: `perch-${stage.name}`, createDefaultStage: false });
    // Finch's registered redirect address and the platform's configuration hang on the API's id.
    this.api.applyRemovalPolicy(RemovalPolicy.RETAIN);
    // Read by emulators, which make random ids; AWS takes it for an ordinary tag.
    if (!stage.onAws) Tags.of(this.api).add("ms-custom-id", "9e4c4001");
    this.domain = this.#addDomain(stage);
    this.publicUrl = stage.publicUrl ?? this.api.apiEndpoint;

    const outputs = {
      ApiId: this.api.apiId,
      ApiUrl: this.publicUrl,
      ...(backends instanceof BackendClients && backends.outputs),
      ...(this.domain && { DomainTarget: this.domain.regionalDomainName }),
      FinchSecretArn: this.finch.secret.secretArn,
      RedirectUri: `${this.publicUrl}/connect/callback`,
      WebhookUrl: `${this.publicUrl}/webhooks/finch`,
      TableName: this.table.table.tableName,
      TokenKeyArn: this.tokenKey.key.keyArn,
      BusName: this.bus.eventBusName,
      RosterBucket: this.rosterPages.bucket.bucketName,
      RosterKeyArn: this.rosterPages.key.keyArn,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  /** The domain of `publicUrl`, where its certificate is given. The DNS record that leads to it is the platform's. */
  #addDomain({ certificateArn, publicUrl }: Stage): DomainName | undefined {
    if (certificateArn === undefined || publicUrl === undefined) return undefined;
    const domain = new DomainName(this, "Domain", {
      domainName: new URL(publicUrl).hostname,
      certificate: Certificate.fromCertificateArn(this, "Certificate", certificateArn),
    });
    domain.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return domain;
  }
}
